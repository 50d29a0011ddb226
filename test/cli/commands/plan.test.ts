import { describe, expect, it } from "vitest";
import { roster, useRosterBench } from "./rosterBench.ts";

const bench = useRosterBench();
const asOf = ["--as-of", "2026-05-14T06:00:00Z"];

describe("rollcall plan", () => {
  it("shows what would happen, by which calls and to whom, and changes nothing", async () => {
    const { stdout, exitCode } = await bench.plan(["roster.csv", ...asOf]);
    expect(stdout.split("\n")).toEqual([
      "Read as CSV, UTF-8, divided by commas, headings on line 1: 4 rows with a person.",
      "  COLUMN       READ AS",
      "  Employee_ID  personId",
      "  Work_Email   email",
      "  Status       status",
      "  Job_Title    role",
      "",
      "The roster of 2026-05-14T06:00:00Z has 3 people who are there, 1 who have left.",
      "The directory has 4 users in 2 accounts.",
      "",
      "ACCOUNT  TO DO           PEOPLE  CALLS",
      "team     suspend         1       1",
      "team     invite          1       1",
      "lwa      let in again    1       1",
      "team     change license  1       1",
      "4 changes in 4 calls.",
      "",
      "Whether a latch is closed is not known: no ledger was read.",
      "",
      "1 person to be suspended:",
      "  p-leaves  l***@team.example  team",
      "",
      "1 person to be given access:",
      "  p-joins  j***@team.example  team",
      "",
      "1 person to be let in again:",
      "  p-returns  r***@lwa.example  lwa",
      "",
      "1 license to be changed:",
      "  p-joins  j***@team.example  team  the account's license to Pro",
      "",
      "1 active account without a row, left as they are:",
      "  -  r***@team.example  team  user u-room, active",
      "",
    ]);
    expect(exitCode).toBe(0);
    expect(Object.keys(bench.chime().calls.summary()).sort()).toEqual(["GetAccount", "ListUsers"]);
    expect(await bench.files()).toEqual(["policy.yml", "roster.csv"]);
  });

  it("tells a program the same, and by the exit code whether there is something to do", async () => {
    const args = ["-", "--json", "--exit-code", "--absent", "suspend", "--least-percent", "0", ...asOf];
    const { stdout, exitCode } = await bench.plan(args, roster);
    const { calls, roster: counts, changes } = JSON.parse(stdout);
    expect({ exitCode, counts, calls: calls[0], people: changes.length }).toEqual({
      exitCode: 3,
      counts: { people: 4, present: 3, left: 1, later: 0, withoutAddress: 0 },
      calls: { accountId: "team", operation: "suspend", calls: 1, users: 2 },
      people: 5,
    });
  });

  it("lists twenty people of a kind, or all if it is told to, and warns of what the safeguard will hold", async () => {
    const rows = Array.from({ length: 25 }, (_, index) => `p-${index},n${index}@team.example,Active,\n`);
    await bench.write("roster.csv", `${roster}${rows.join("")}`);
    const few = await bench.plan(["roster.csv"]);
    const all = await bench.plan(["roster.csv", "--all"]);
    expect(few.stdout).toContain("26 people to be given access:\n  p-joins");
    expect([few, all].map(({ stdout }) => stdout.includes("  and 6 more; --all lists them"))).toEqual([
      true,
      false,
    ]);
    await bench.write(
      "policy.yml",
      `${await bench.read("policy.yml")}safeguard: {suspensions: {atLeast: 0, percent: 0}}\n`,
    );
    expect((await bench.plan(["roster.csv"])).stdout).toContain(
      "The safeguard will hold suspensions of team: 1 are more than its limit of 0.",
    );
  });

  it("tells of a leaver's account elsewhere, and that it is to be suspended by hand", async () => {
    const rows = "p-1,new@lwa.example,Terminated,\np-1,stays@team.example,Terminated,\n";
    await bench.write("roster.csv", `${roster.replace(/^p-stays.*\n/m, "")}${rows}`);
    const { stdout } = await bench.plan(["roster.csv", ...asOf]);
    expect(stdout).toContain(
      "1 conflict, about which nothing is done:\n  p-1  s***@team.example  team  has left and keeps access here, while the roster leads to another user: suspend the user by hand\n",
    );
  });

  it("takes the columns from the policy and from the command line", async () => {
    await bench.write(
      "roster.csv",
      "Nr;Mail2;Stand\np-leaves;leaves@team.example;weg\np-stays;stays@team.example;da\n",
    );
    const section =
      'roster: {delimiter: ";", present: [da], left: [weg], columns: {personId: Nr, status: Stand}}\n';
    await bench.write("policy.yml", `${await bench.read("policy.yml")}${section}`);
    const { stdout } = await bench.plan(["roster.csv", "--column", "email=Mail2"]);
    expect(stdout).toContain("1 person to be suspended:\n  p-leaves");
  });

  it.each([
    [
      "a broken row",
      "Employee_ID,Work_Email,Status\np-1,nobody,active\n",
      [],
      "error: roster.csv cannot be believed, and nothing was published:\n  line 2, column Work_Email: expected an e-mail address of at most 254 characters, such as ada@example.com; got a string of 6 characters\n",
    ],
    [
      "nobody",
      "Employee_ID,Work_Email,Status\n",
      [],
      "error: the roster gives access to nobody, and would suspend everybody",
    ],
    [
      "no column for the address, with those that there are",
      "Employee_ID,Mailbox\np-1,x\n",
      [],
      "or in the policy's roster.columns\n  the columns are: Employee_ID, Mailbox\n",
    ],
    [
      "two columns for the address, with their names",
      "Employee_ID,Work_Email,Work Email\np-1,x,y\n",
      [],
      "expected one column for email; got two. Name it with --column email=NAME, or in the policy's roster.columns\n  the two are: Work_Email, Work Email\n",
    ],
    ["fewer rows than it shall have", roster, ["--rows", "5"], "expected 5 rows; got 4"],
    [
      "too few people for a directory whose others would be suspended",
      "Employee_ID,Work_Email,Status\np-stays,stays@team.example,active\n",
      ["--absent", "suspend"],
      "error: the roster gives access to 1, which is 33 % of the 3 active users of the directory",
    ],
  ])("stops a roster with %s", async (_, content, args, problem) => {
    await bench.write("roster.csv", content);
    const { exitCode, stdout, stderr } = await bench.plan(["roster.csv", ...args]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(problem);
  });

  it.each([
    [["missing.csv"], "cannot read missing.csv: no such file or directory"],
    [["roster.csv", "--policy", "none.yml"], "cannot read none.yml"],
    [
      ["roster.csv", "--as-of", "2100-01-01T00:00:00Z"],
      "is still to come; say with --as-of when it was true",
    ],
    [["roster.csv", "--column", "shoe=Size"], "Expected a field and the roster's name for it"],
  ])("is called wrongly with %j", async (args, problem) => {
    const { exitCode, stderr } = await bench.plan(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(problem);
  });

  it("says what to do where the directory cannot be read", async () => {
    await bench.write("policy.yml", "accounts: [{id: nowhere, domains: [team.example]}]\n");
    const { exitCode, stderr } = await bench.plan(["roster.csv"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: the directory could not be read: .*check the AWS credentials, .* Nothing was published\n$/,
    );
  });
});
