import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPolicy } from "../../../../src/policy/file/policyFile.ts";
import { eveOnRecord, signed, useDirectoryBench } from "./directoryBench.ts";

const bench = useDirectoryBench(() => ({
  accounts: [
    {
      id: "team",
      type: "Team",
      name: "The team",
      people: [
        { id: "u-ada", email: "ada@team.example", displayName: "Ada Lovelace" },
        { id: "u-bob", email: "bob@team.example", registration: "Suspended" },
        { id: "u-room", email: "room@team.example", type: "SharedDevice" },
      ],
    },
    { id: "other", type: "EnterpriseLWA", people: [{ id: "u-eve", email: "eve@other.example" }] },
  ],
}));

describe("rollcall user list", () => {
  it("lists the users of every kind of directory, by status, type and address, and masks addresses", async () => {
    const [all, suspended, devices, ann, shown] = await Promise.all(
      [
        [],
        ["--status", "suspended"],
        ["--type", "device"],
        ["--email", "ann@acme.example"],
        ["--reveal"],
      ].map((filter) => bench.run(["user", "list", "--json", ...filter])),
    );
    const users = (run: { stdout: string } | undefined) =>
      JSON.parse(run?.stdout ?? "").users.map(
        ({ accountId, userId, email, state, type }: Record<string, string>) =>
          [accountId, userId, email, state, type].join(" "),
      );
    expect([all, suspended, devices, ann].map(users)).toEqual([
      [
        "team u-ada a***@team.example active person",
        "team u-bob b***@team.example suspended person",
        "team u-room r***@team.example active device",
        "acme s-ann a***@acme.example active person",
      ],
      ["team u-bob b***@team.example suspended person"],
      ["team u-room r***@team.example active device"],
      ["acme s-ann ann@acme.example active person"],
    ]);
    expect(users(shown)[0]).toBe("team u-ada ada@team.example active person");
    const other = await bench.run(["user", "list", "--account", "other"]);
    expect(other.stdout.split("\n").slice(0, 2)).toEqual([
      "ACCOUNT  STATUS  LICENSE  TYPE    ADDRESS",
      "other    active  Basic    person  e***@other.example  user u-eve",
    ]);
  });
});

describe("rollcall user show", () => {
  it("puts the directory's truth beside what the ledger says, by id, address or the directory's id", async () => {
    await bench.settle("P-1", "ada@team.example");
    const runs = await Promise.all(
      ["P-1", "ada@team.example", "u-ada"].map((who) => bench.run(["user", "show", who])),
    );
    for (const { exitCode, stdout } of runs) {
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^The directory says\n {2}team: active\n/);
      expect(stdout).toMatch(/user id +u-ada\n/);
      expect(stdout).toContain("The ledger rollcall-dev-ledger says\nP-1: ");
      expect(stdout).toMatch(/display name +\*\*\*/);
      expect(stdout).not.toMatch(/PIN|Lovelace/);
    }
    expect(runs[1]?.stdout).toContain("No user of ada@team.example in acme.");
  });

  it("says that a shared device is nobody, and fails for who is nowhere", async () => {
    const [room, nobody] = await Promise.all([
      bench.run(["user", "show", "u-room"]),
      bench.run(["user", "show", "P-404", "--json"]),
    ]);
    expect([room.exitCode, room.stdout.split("\n")[1]]).toEqual([
      0,
      "  team: active, a shared device and nobody of HR",
    ]);
    expect([nobody.exitCode, JSON.parse(nobody.stdout)]).toMatchObject([
      1,
      { users: [], absentIn: ["team", "acme"], people: [], error: { code: "notFound" } },
    ]);
  });
});

describe("rollcall user sign-out and reset-pin", () => {
  it("make the call, and the person's history says who did it and why", async () => {
    await bench.settle("P-2", "bob@team.example");
    const out = await bench.run(["user", "sign-out", "P-2", ...signed]);
    const pin = await bench.run(["user", "reset-pin", "u-bob", "--json", ...signed]);
    expect([out.exitCode, out.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^Signed out: b\*\*\*@team\.example of team \(request \S+\)\.\nThe journal of P-2 says so, in .*\.\n$/,
      ),
    ]);
    const { newPin, ...report } = JSON.parse(pin.stdout);
    expect([pin.exitCode, report]).toMatchObject([
      0,
      { action: "resetPin", userId: "u-bob", result: "done" },
    ]);
    expect(bench.chime().calls.carried("LogoutUser")).toEqual([["u-bob"]]);
    const act = { accountId: "team", personId: "P-2", userIds: ["u-bob"], by: eveOnRecord, note: "a drill" };
    expect(await bench.actsOf("P-2")).toEqual([
      { ...act, operation: "signOut", result: "done" },
      { ...act, operation: "resetPin", result: "done" },
    ]);
    const { stdout } = await bench.run(["history", "P-2"]);
    const forgotten = await bench.run(["forget", "P-2", ...signed]);
    expect([forgotten.exitCode, await bench.actsOf("P-2")]).toEqual([0, []]);
    expect(stdout).toMatch(/BY HAND +OPERATION +RESULT\n\S+Z +signOut +done +account team +user u-bob/);
  });

  it("call nobody whose address has passed on to somebody else, unless the directory's id says who is meant", async () => {
    await bench.settle("P-3", "ada@team.example");
    await bench.settle("P-4", "ada@team.example");
    const byPerson = await bench.run(["user", "sign-out", "P-3", "--json", ...signed]);
    expect([byPerson.exitCode, JSON.parse(byPerson.stdout).error.message]).toEqual([
      1,
      expect.stringMatching(/^the address of P-3 is that of (P-1, )?P-4 too, by the ledger: .* \(u-ada\)/),
    ]);
    expect(bench.chime().calls.list("LogoutUser")).toEqual([]);
    const byId = await bench.run(["user", "sign-out", "u-ada", ...signed]);
    expect([byId.exitCode, bench.chime().calls.carried("LogoutUser")]).toEqual([0, [["u-ada"]]]);
    // Nobody can tell whose it is, so it is on record with the account.
    expect(await bench.actsOfAccount("team")).toMatchObject([{ operation: "signOut", userIds: ["u-ada"] }]);
  });

  it("call nobody who is a device, who is elsewhere, or whose directory has no such call", async () => {
    const runs = await Promise.all([
      bench.run(["user", "sign-out", "u-room", ...signed]),
      bench.run(["user", "sign-out", "P-404", ...signed]),
      bench.run(["user", "reset-pin", "ann@acme.example", ...signed]),
      bench.run(["user", "sign-out", "u-ada", ...signed.slice(0, 4)]),
    ]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr.split("(stage")[0]?.trim()])).toEqual([
      [1, "error: the user u-room of team is a shared device, and nobody of HR; nobody was signed out"],
      [1, "error: the accounts team, acme have no user of P-404"],
      [
        1,
        "error: the directory of acme (SCIM 2.0) has no such call: replace the PIN there by hand; nobody was given a new PIN",
      ],
      [
        2,
        "error: standard input is no terminal, so nobody can be asked: add --yes to sign the user out without a question; nobody was signed out",
      ],
    ]);
    expect(bench.chime().calls.list("LogoutUser")).toEqual([]);
  });
});

describe("rollcall account", () => {
  it("lists what the credentials reach and what the policy has, and shows what the policy could say", async () => {
    const list = await bench.run(["account", "list", "--json"]);
    const summary = JSON.parse(list.stdout).accounts.map(
      ({ accountId, name, type, domains }: Record<string, unknown>) => [accountId, name, type, domains],
    );
    expect([list.exitCode, summary]).toEqual([
      0,
      [
        ["team", "The team", "Team", ["team.example"]],
        ["acme", null, "SCIM 2.0", ["acme.example"]],
        ["other", "other", "EnterpriseLWA", null],
      ],
    ]);
    const shown = await bench.run(["account", "show", "other", "--json"]);
    const { stub, can } = JSON.parse(shown.stdout);
    expect([
      can.licenses,
      readPolicy(join(bench.folder(), await bench.file("stub.yml", stub))).accounts,
    ]).toMatchObject([["Basic", "Pro"], [{ id: "other", domains: ["other.example"], observe: true }]]);
    const lines = (await bench.run(["account", "show", "team"])).stdout.split("\n");
    expect([lines[0], lines.find((line) => line.startsWith("  policy"))?.trim()]).toEqual([
      'team "The team" (Team)',
      expect.stringMatching(/^policy +people of team\.example$/),
    ]);
    const missing = await bench.run(["account", "show", "none", "--json"]);
    expect([missing.exitCode, JSON.parse(missing.stdout).error.code]).toEqual([1, "notFound"]);
  });
});
