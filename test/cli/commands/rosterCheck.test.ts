import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runRollcall, withoutTarget } from "../runRollcall.ts";

const policy = "accounts:\n  - {id: team, domains: [team.example]}\n";

describe("rollcall roster check", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-check-"));
    await writeFile(join(folder, "policy.yml"), policy);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function check(content: string, ...args: string[]) {
    await writeFile(join(folder, "workers.csv"), content);
    return withoutTarget(
      await runRollcall(["roster", "check", "workers.csv", "--as-of", "2026-05-14T12:00:00Z", ...args], {
        cwd: folder,
      }),
    );
  }

  it("shows what is understood of an export: its form, its columns, its rows as they are read, and whom it names", async () => {
    const { stdout, exitCode } = await check(
      "Workers of Acme\n\nEmployee ID;Work Email;Status;Termination Date;Salary\n" +
        "1;Ada@team.example;Active;;1\n2;bob@team.example;Terminated;30.04.2026;1\n3;;Active;;1\nTotal: 3\n",
    );
    expect([exitCode, stdout.split("\n")]).toEqual([
      0,
      [
        "Read as CSV, UTF-8, divided by semicolons, headings on line 3: 3 rows with a person.",
        "  COLUMN            READ AS",
        "  Employee ID       personId",
        "  Work Email        email",
        "  Status            status",
        "  Termination Date  lastDay (D.M.YYYY, as a day above 12 shows)",
        "  Not read: Salary",
        "  Skipped: line 7 (a total or a note)",
        "",
        "  LINE  ID  ADDRESS            STATE     HIRED  LAST DAY    ROLE",
        "  4     1   a***@team.example  there     -      -           -",
        "  5     2   b***@team.example  has left  -      2026-04-30  -",
        "  6     3   -                  there     -      -           -",
        "",
        "Rows: 2 there, 1 have left, 1 without an address.",
        "",
        "workers.csv would be believed. Compare it with the directory next, by the command plan.",
        "",
      ],
    ]);
  });

  it("names tabs, a second column of a status, and counts those apart of whom the two say different things", async () => {
    const rows = [
      "id\temail\tStatus\tActive",
      "1\ta@team.example\tActive\tyes",
      "2\tb@team.example\tActive\tno",
    ];
    const { stdout } = await check(`${rows.join("\n")}\n`);
    expect(stdout).toContain("divided by tabs");
    expect(stdout).toContain("  Active  status, which must not contradict the first\n");
    expect(stdout).toContain("Rows: 1 there, 1 of whom nobody can tell.");
  });

  it("proposes what the policy would have to say, writes it with --init, and then believes the export", async () => {
    const content = "id,email,status,lastDay\n1,ada@team.example,active,46142\n";
    const { stdout, exitCode } = await check(content);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining(
        "What the policy would have to say (--init writes it):\n\nroster:\n  dates: {lastDay: excel}\n",
      ),
    ]);
    const init = await check(content, "--init");
    expect([init.exitCode, init.stderr, await readFile(join(folder, "policy.yml"), "utf8")]).toEqual([
      1,
      "Written to policy.yml; look at it, and check again.\n",
      `${policy}\nroster:\n  dates: {lastDay: excel}\n`,
    ]);
    expect((await check(content)).exitCode).toBe(0);
  });

  it("lists the words of a status that nobody knows, once for all lines, and guesses none", async () => {
    const { stdout } = await check("id,email,status\n1,ada@team.example,A\n2,bob@team.example,T\n");
    expect(stdout).toContain("  lines 2, 3, column status: expected one of ");
    expect(stdout).toContain('  # add here, or below: "A", "T"\n');
  });

  it.each([
    ["two forms of dates", "id,email,status,lastDay\n1,ada@team.example,active,03/04/2026\n"],
    ["a word of the status", "id,email,status\n1,ada@team.example,A\n"],
  ])("writes no guess with --init where only HR knows: %s", async (_, content) => {
    const { exitCode, stderr } = await check(content, "--init");
    expect([exitCode, stderr, await readFile(join(folder, "policy.yml"), "utf8")]).toEqual([
      1,
      expect.stringContaining("only HR knows what a line with a comment has to say"),
      policy,
    ]);
  });

  it("leaves a policy alone that says something of rosters already", async () => {
    const own = `${policy}roster: {timeZone: Europe/Berlin}\n`;
    await writeFile(join(folder, "policy.yml"), own);
    const { exitCode, stderr } = await check("id,email\n1,ada@team.example\n", "--init");
    expect([exitCode, stderr, await readFile(join(folder, "policy.yml"), "utf8")]).toEqual([
      1,
      expect.stringContaining("policy.yml has a section roster already: add the lines above to it"),
      own,
    ]);
  });

  it("tells a program the same, without a value of the export but what is masked", async () => {
    const { stdout } = await check("id,email,status\n1,ada@team.example,active\n", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      believed: true,
      read: {
        format: "csv",
        rows: 1,
        columns: [{ readAs: "personId" }, { readAs: "email" }, { readAs: "status" }],
      },
      counts: { present: 1, left: 0, later: 0, unclear: 0, withoutAddress: 0 },
      sample: [{ number: 2, personId: "1", email: "a***@team.example", presence: "present" }],
      problems: [],
      proposals: [],
    });
  });
});
