import { describe, expect, it } from "vitest";
import { hour, useHeldBench, withoutTimes } from "./heldBench.ts";

const bench = useHeldBench();
const devTarget = { stage: "dev", account: null, region: "us-east-1" };

async function holdThree() {
  await bench.hold([
    { personId: "P-2", agoMilliseconds: 4 * hour },
    { personId: "P-1", agoMilliseconds: 3 * hour, rule: "SuspensionLatch" },
    { personId: "P-3", agoMilliseconds: 5 * hour, accountId: "lwa-0001" },
  ]);
}

describe("rollcall held list", () => {
  it("says that nobody is held, which is no failure", async () => {
    const runs = [await bench.run(["held", "list"]), await bench.run(["held", "list", "--person", "P-9"])];
    expect(runs).toEqual([
      { exitCode: 0, stdout: "Nobody is held in TARGET.\n", stderr: "" },
      { exitCode: 0, stdout: "Nobody who is held matches in TARGET.\n", stderr: "" },
    ]);
  });

  it("lists who is held in that order, counts each account, and says what to do next", async () => {
    await holdThree();
    const { exitCode, stdout, stderr } = await bench.run(["held", "list"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(withoutTimes(stdout).split("\n")).toEqual([
      "HELD SINCE            FOR  PERSON  ACCOUNT    INTENT    BY     EVENT",
      "TIME  5 h  P-3     lwa-0001   offboard  limit  hr-P-3",
      "TIME  4 h  P-2     team-0001  offboard  limit  hr-P-2",
      "TIME  3 h  P-1     team-0001  offboard  latch  hr-P-1",
      "",
      "3 people held:",
      "  2  team-0001  for 4 h  1 by the limit, 1 behind the latch",
      "  1  lwa-0001   for 5 h  1 by the limit",
      "",
      "Look at the feed first. Then, for example:",
      '  rollcall held release TARGET --account team-0001 --because "HR confirms it"    they are suspended',
      '  rollcall held discard TARGET --account team-0001 --because "a wrong feed"      they are not',
      "",
    ]);
  });

  it("lists those whom all of the filters mean", async () => {
    await holdThree();
    const listed = async (...filter: string[]) => {
      const { stdout } = await bench.run(["held", "list", "--json", ...filter]);
      return JSON.parse(stdout).held.map(({ personId }: { personId: string }) => personId);
    };
    expect({
      byId: await listed("--person", "P-1"),
      byAddress: await listed("--person", "P-1@Example.com"),
      byAccount: await listed("--account", "team-0001"),
      byAge: await listed("--older-than", "210m"),
      byBoth: await listed("--account", "team-0001", "--older-than", "210m"),
    }).toEqual({
      byId: ["P-1"],
      byAddress: ["P-1"],
      byAccount: ["P-2", "P-1"],
      byAge: ["P-3", "P-2"],
      byBoth: ["P-2"],
    });
  });

  it("tells programs all of it as one JSON object, without addresses", async () => {
    await bench.hold([{ personId: "P-1" }]);
    const { stdout } = await bench.run(["held", "list", "--json"]);
    const { counts, held, ...about } = JSON.parse(stdout);
    const { heldAt, heldForSeconds, ...decision } = held[0];
    expect({ about, counts, decision }).toEqual({
      about: { target: devTarget, table: "rollcall-dev-ledger", count: 1, notHeld: [] },
      counts: [{ accountId: "team-0001", people: 1, byRule: { SuspensionLimit: 1 }, since: heldAt }],
      decision: {
        personId: "P-1",
        accountId: "team-0001",
        intent: "offboard",
        eventId: "hr-P-1",
        rule: "SuspensionLimit",
        event: {
          "detail-type": "EmployeeLeft",
          detail: { metadata: { id: "hr-P-1" }, data: { personId: "P-1", email: "p***@example.com" } },
        },
      },
    });
    expect(Math.round(heldForSeconds / 60)).toBe(180);
  });
});
