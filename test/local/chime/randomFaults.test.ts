import { describe, expect, it } from "vitest";
import { exceptionFault, resetFault } from "../../../src/local/chime/faultValues.ts";
import { randomFaults } from "../../../src/local/chime/randomFaults.ts";
import { startTestChime } from "./testChime.ts";

const odds = [
  { probability: 0.1, fault: exceptionFault("ThrottledClientException") },
  { probability: 0.2, fault: resetFault("after") },
];
const call = { at: 0, operation: "ListUsers", users: [], query: {}, body: {} } as const;

/** The fates of the first calls of a run. */
function fates(seed: number, calls: number): (string | undefined)[] {
  const plan = randomFaults({ seed, odds });
  return Array.from({ length: calls }, (_, n) => plan({ ...call, sequence: n + 1 })?.call?.kind);
}

describe("randomFaults", () => {
  it("deals the same fates to the same seed and others to another", () => {
    expect(fates(7, 200)).toEqual(fates(7, 200));
    expect(fates(8, 200)).not.toEqual(fates(7, 200));
  });

  it("decides about the n-th call by n, not by what was asked before", () => {
    const plan = randomFaults({ seed: 7, odds });
    const backwards = Array.from({ length: 200 }, (_, n) => plan({ ...call, sequence: 200 - n })?.call?.kind);
    expect(backwards.reverse()).toEqual(fates(7, 200));
  });

  it("strikes as often as the odds say", () => {
    const all = fates(7, 20_000);
    const share = (kind: string) => all.filter((fate) => fate === kind).length / all.length;
    expect([share("exception"), share("reset")]).toEqual([expect.closeTo(0.1, 2), expect.closeTo(0.2, 2)]);
  });

  it("draws by what the caller names, so that order does not matter", () => {
    const plan = randomFaults({ seed: 7, odds, drawBy: ({ accountId = "" }) => accountId });
    const fate = (accountId: string, sequence: number) => plan({ ...call, accountId, sequence });
    expect(["a", "b", "c"].map((id) => fate(id, 1))).toEqual(["a", "b", "c"].map((id) => fate(id, 99)));
  });

  it.each([[[0.6, 0.6]], [[-0.1]], [[Number.NaN]]])("refuses the probabilities %j", (probabilities) => {
    const wrong = probabilities.map((probability) => ({ probability, fault: resetFault("before") }));
    expect(() => randomFaults({ seed: 7, odds: wrong })).toThrow(/Expected probabilities of 0 or more/);
  });

  it("reproduces a run against the simulator, call for call", async () => {
    const run = async () => {
      const { chime, client } = await startTestChime({ faults: randomFaults({ seed: 3, odds }) });
      for (let n = 0; n < 40; n += 1) {
        await client
          .inviteUsers({ AccountId: "team", UserEmailList: [`p${n}@team.example`] })
          .catch(() => undefined);
      }
      const calls = chime.calls.list().map(({ invocationId, ...rest }) => rest);
      return { calls, users: chime.directory.users("team"), mails: chime.calls.mails() };
    };
    const first = await run();
    expect(new Set(first.calls.map(({ status }) => status))).toEqual(new Set([201, 429, undefined]));
    expect(await run()).toEqual(first);
  });
});
