import { describe, expect, it } from "vitest";
import { when } from "../../../../packages/chime-simulator/faultPlans.ts";
import { operationNames } from "../../../../packages/chime-simulator/operationTable.ts";
import { exceptionFault } from "../../../../packages/chime-simulator/scriptedFault.ts";
import { eveOnRecord, signed, useDirectoryBench } from "./directoryBench.ts";

const bench = useDirectoryBench(() => ({
  accounts: [
    {
      id: "team",
      type: "Team",
      name: "The team",
      people: [
        { id: "u-ada", email: "ada@team.example", displayName: "Ada Lovelace" },
        { id: "u-bob", email: "bob@team.example" },
        { id: "u-room", email: "room@team.example", type: "SharedDevice" },
      ],
    },
    {
      id: "lwa",
      type: "EnterpriseLWA",
      people: [{ id: "u-eve", email: "eve@lwa.example", registration: "Suspended" }],
    },
    { id: "empty", type: "Team" },
  ],
}));

const team = ["--account", "team"];
const none = ["--account", "none"];
const ada = ["--user", "u-ada"];

/** A call of each operation that passes, and one about an id that nobody has. */
const calls: Record<string, { args: string[]; unknown?: string[]; changes?: true }> = {
  ListUsers: { args: [...team, "--type", "PrivateUser", "--max-results", "1", "--all-pages"], unknown: none },
  GetUser: { args: [...team, ...ada], unknown: [...team, "--user", "u-404"] },
  UpdateUser: {
    args: [...team, ...ada, "--license", "Basic", "--alexa", "on"],
    unknown: [...team, "--user", "u-404", "--license", "Basic"],
    changes: true,
  },
  BatchUpdateUser: {
    args: [...team, "--user", "u-ada,Basic", "--user", "u-bob", "--license", "Pro"],
    unknown: [...team, "--user", "u-404", "--license", "Pro"],
    changes: true,
  },
  BatchSuspendUser: { args: [...team, ...ada], unknown: [...team, "--user", "u-404"], changes: true },
  BatchUnsuspendUser: {
    args: ["--account", "lwa", "--user", "u-eve"],
    unknown: ["--account", "lwa", "--user", "u-404"],
    changes: true,
  },
  InviteUsers: {
    args: [...team, "--email", "new@team.example"],
    unknown: [...none, "--email", "new@team.example"],
    changes: true,
  },
  LogoutUser: { args: [...team, ...ada], unknown: [...team, "--user", "u-404"], changes: true },
  ResetPersonalPIN: { args: [...team, ...ada], unknown: [...team, "--user", "u-404"], changes: true },
  ListAccounts: { args: ["--name", "The"] },
  GetAccount: { args: team, unknown: none },
  CreateAccount: { args: ["--name", "Sales"], changes: true },
  UpdateAccount: {
    args: [...team, "--default-license", "Basic"],
    unknown: [...none, "--name", "x"],
    changes: true,
  },
  DeleteAccount: { args: ["--account", "empty"], unknown: none, changes: true },
  GetAccountSettings: { args: team, unknown: none },
  UpdateAccountSettings: {
    args: [...team, "--enable-dial-out", "off"],
    unknown: [...none, "--enable-dial-out", "on"],
    changes: true,
  },
};

const call = (name: string, args: readonly string[]) =>
  bench.run(["chime", name, ...args, "--json", ...(calls[name]?.changes ? signed : [])]);
const outcome = ({ exitCode, stdout }: { exitCode: number | null; stdout: string }) => [
  exitCode,
  JSON.parse(stdout).error?.code,
];

describe("rollcall chime", () => {
  it("has a command for each of the sixteen operations, and each is called here", () => {
    expect(Object.keys(calls).toSorted()).toEqual([...operationNames].toSorted());
  });

  it.each(operationNames)(
    "%s reaches the service, tells a denied permission and an unknown id, and is on record",
    async (name) => {
      const { args = [], unknown, changes } = calls[name] ?? {};
      const before = bench.chime().calls.list(name).length;
      const passed = await call(name, args);
      expect([...outcome(passed), /"PersonalPIN"|Lovelace|ada@/.test(passed.stdout)]).toEqual([
        0,
        undefined,
        false,
      ]);
      const reached = bench.chime().calls.list(name).slice(before);
      expect(reached.every(({ tookEffect }) => tookEffect)).toBe(true);
      expect(reached.length).toBeGreaterThan(0);
      if (unknown !== undefined) expect(outcome(await call(name, unknown))).toEqual([1, "notFound"]);
      const remove = bench
        .chime()
        .faults.add(when({ operation: name }, exceptionFault("ForbiddenException")));
      expect(outcome(await call(name, args))).toEqual([1, "accessDenied"]);
      remove();
      const [, account = ""] = args[0] === "--account" ? args : [];
      const acts = (await bench.actsOfAccount(account)).filter(({ operation }) => operation === name);
      const results = changes
        ? [
            expect.objectContaining({
              result: "failed",
              code: "ForbiddenException",
              by: eveOnRecord,
              note: "a drill",
            }),
            expect.objectContaining({ result: "done" }),
          ]
        : [];
      expect(acts.filter(({ code }) => !code?.startsWith("NotFound")).slice(0, 2)).toEqual(results);
    },
  );

  it("cuts a list into calls, tells the result of each, and never takes a shared device for a person", async () => {
    const users = ["u-ada", "u-room", ...Array.from({ length: 52 }, (_, index) => `u-${index}`)];
    const file = await bench.file("leavers.txt", users.join("\n"));
    const run = await bench.run([
      "chime",
      "batch-suspend-user",
      ...team,
      "--users",
      file,
      "--json",
      ...signed,
    ]);
    const { counts, targets } = JSON.parse(run.stdout);
    expect([run.exitCode, counts, targets.at(-1)]).toEqual([
      1,
      { done: 1, failed: 52, device: 1 },
      { target: "u-room", result: "device" },
    ]);
    expect(
      bench
        .chime()
        .calls.carried("BatchSuspendUser")
        .map(({ length }) => length),
    ).toEqual([50, 3]);
    const forced = await bench.run(["chime", "logout-user", ...team, "--user", "u-room", ...signed]);
    const meant = await bench.run([
      "chime",
      "logout-user",
      ...team,
      "--user",
      "u-room",
      "--include-devices",
      ...signed,
    ]);
    expect([forced.exitCode, meant.exitCode, bench.chime().calls.carried("LogoutUser")]).toEqual([
      1,
      0,
      [["u-room"]],
    ]);
  });

  it("tells what was done before the journal took no further call", async () => {
    const addresses = Array.from({ length: 52 }, (_, index) => `new-${index}@team.example`);
    const file = await bench.file("new.txt", addresses.join("\n"));
    let puts = 0;
    bench.breakLedger(({ operation }) => {
      if (operation === "PutItem") puts += 1;
      return puts > 2 ? { kind: "refuse", status: 400, code: "AccessDeniedException" } : undefined;
    });
    const args = ["chime", "invite-users", ...team, "--emails", file, "--json", ...signed];
    const invited = await bench.run(args);
    const { counts, stoppedBy, error } = JSON.parse(invited.stdout);
    expect([invited.exitCode, counts, stoppedBy, error.message]).toEqual([
      1,
      { done: 50, untouched: 2 },
      "these credentials may not change rollcall-dev-ledger; they need dynamodb:Query, GetItem and PutItem on the table",
      "2 of 52 not done, the first because of Stopped: the calls were stopped; what was done before stands",
    ]);
  });

  it("calls nothing that is not asked for rightly", async () => {
    const withHeading = await bench.file("headed.txt", "Email\nnew@team.example\n");
    const runs = await Promise.all([
      bench.run(["chime", "update-user", ...team, ...ada, ...signed]),
      bench.run(["chime", "batch-update-user", ...team, "--user", "u-ada,Gold", ...signed]),
      bench.run(["chime", "invite-users", ...team, "--email", "nobody", ...signed]),
      bench.run(["chime", "invite-users", ...team, "--emails", withHeading, ...signed]),
      bench.run(["chime", "list-users", ...team, "--max-results", "201"]),
      bench.run(["chime", "delete-account", ...team, ...signed.slice(0, 4)]),
    ]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr.split("\n")[0]])).toEqual([
      [
        2,
        "error: nothing to change is named; expected one of --license, --type, --alexa, --alexa-room; nothing was done",
      ],
      [2, "error: expected one of Basic, Plus, Pro, ProTrial behind a comma; got Gold; nothing was done"],
      [2, "error: option '--email <email>' argument 'nobody' is invalid. Expected an e-mail address."],
      [2, "error: expected only e-mail addresses, without a heading; entry 1 is none; nothing was done"],
      [2, "error: option '--max-results <n>' argument '201' is invalid. Expected a number from 1 to 200."],
      [
        2,
        "error: standard input is no terminal, so nobody can be asked: add --yes to make the call without a question; nothing was done",
      ],
    ]);
    expect(bench.chime().calls.list()).toEqual([]);
  });
});

describe("rollcall chime close-account", () => {
  it("suspends everybody by batches, devices too, waits for who fails, and then deletes the account", async () => {
    let left = 2;
    bench.chime().faults.add((received) => {
      const isMeant =
        received.operation === "BatchSuspendUser" && received.users.some(({ id }) => id === "u-bob");
      if (!isMeant || left-- <= 0) return undefined;
      return { users: [{ kind: "userError", sent: "u-bob", code: "Throttled" }] };
    });
    const wrong = await bench.run([
      "chime",
      "close-account",
      ...team,
      "--name",
      "the team",
      ...signed.slice(0, 4),
    ]);
    expect([wrong.exitCode, bench.chime().calls.list("BatchSuspendUser")]).toEqual([1, []]);
    const { exitCode, stdout } = await bench.run([
      "chime",
      "close-account",
      ...team,
      "--name",
      "The team",
      "--json",
      ...signed.slice(0, 4),
    ]);
    const { target: _, ...report } = JSON.parse(stdout);
    expect([exitCode, report]).toEqual([
      0,
      {
        accountId: "team",
        name: "The team",
        before: { people: 2, devices: 1, suspended: 0 },
        suspended: 3,
        remaining: [],
        deleted: true,
      },
    ]);
    expect(bench.chime().calls.carried("BatchSuspendUser")).toEqual([
      ["u-ada", "u-bob", "u-room"],
      ["u-bob"],
      ["u-bob"],
    ]);
    const acts = await bench.actsOfAccount("team");
    expect(acts.slice(0, 4).map(({ operation, result, by }) => [operation, result, by])).toEqual([
      ["DeleteAccount", "done", eveOnRecord],
      ["suspend", "done", eveOnRecord],
      ["suspend", "failed", eveOnRecord],
      ["suspend", "partly", eveOnRecord],
    ]);
  });

  it("says who remains, and deletes nothing then", async () => {
    bench
      .chime()
      .faults.add((received) =>
        received.operation === "BatchSuspendUser"
          ? { users: [{ kind: "userError", sent: "u-bob", code: "Forbidden" }] }
          : undefined,
      );
    const { exitCode, stdout } = await bench.run([
      "chime",
      "close-account",
      ...team,
      "--name",
      "The team",
      "--json",
      ...signed.slice(0, 4),
    ]);
    const { suspended, remaining, deleted, error } = JSON.parse(stdout);
    expect([exitCode, suspended, deleted, error.code]).toEqual([1, 2, false, "failed"]);
    expect(remaining).toMatchObject([{ userId: "u-bob", email: "b***@team.example", code: "Forbidden" }]);
    expect(bench.chime().calls.list("DeleteAccount")).toEqual([]);
  });
});
