import { describe, expect, it } from "vitest";
import { settleAll } from "../../../src/cli/held/settleAll.ts";
import type { HeldAnswer } from "../../../src/ledger/operatorDecisions.ts";
import type { StoredHeldDecision } from "../../../src/ledger/pendingStore.ts";
import { claimOf } from "../../ledger/decisions.ts";

const decisions = (count: number): StoredHeldDecision[] =>
  Array.from({ length: count }, (_, index) => {
    const personId = `P-${index}`;
    const { email: _email, ...decision } = claimOf({ personId, eventId: `hr-${index}`, minute: 1 });
    const held = { because: "held", accountId: "team", rule: "SuspensionLimit", heldAt: 0 } as const;
    return { ...decision, ...held, intent: "offboard", event: "{}", token: `${index}` };
  });

describe("settleAll", () => {
  const settled = async (
    count: number,
    settle: (index: number) => Promise<HeldAnswer<"released">>,
    signal = new AbortController().signal,
  ) => {
    const progress: number[] = [];
    const results = await settleAll(decisions(count), ({ token }) => settle(Number(token)), {
      signal,
      explain: (error) => String(error),
      onProgress: (through) => progress.push(through),
    });
    return { kinds: results.map(({ kind }) => kind), results, progress };
  };

  it("gives one result for each, in their order, and tells how many are through", async () => {
    const { kinds, results, progress } = await settled(3, async (index) => {
      if (index === 1) throw new Error("no luck");
      return { kind: index === 0 ? "released" : "changed" };
    });
    expect({
      kinds,
      reasons: results.flatMap((r) => (r.kind === "failed" ? [r.reason] : [])),
      progress,
    }).toEqual({
      kinds: ["released", "failed", "changed"],
      reasons: ["Error: no luck"],
      progress: [1, 2, 3],
    });
  });

  it("has 16 under way at once at most", async () => {
    let underWay = 0;
    let most = 0;
    await settled(100, async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return { kind: "released" };
    });
    expect(most).toBe(16);
  });

  it("begins nothing new once it is stopped", async () => {
    const controller = new AbortController();
    const { kinds } = await settled(
      50,
      async (index) => {
        if (index === 4) controller.abort();
        return { kind: "released" };
      },
      controller.signal,
    );
    const done = kinds.filter((kind) => kind === "released").length;
    expect(done).toBeGreaterThanOrEqual(5);
    expect(kinds.slice(20).every((kind) => kind === "untouched")).toBe(true);
  });

  it("gives up after 20 failures in a row, and not before", async () => {
    const failing = async () => {
      throw new Error("denied");
    };
    const { kinds } = await settled(200, failing);
    const failed = kinds.filter((kind) => kind === "failed").length;
    expect(failed).toBeGreaterThanOrEqual(20);
    expect(failed).toBeLessThan(20 + 16);
    const mixed = await settled(200, async (index) => (index % 3 === 0 ? { kind: "released" } : failing()));
    expect(mixed.kinds).not.toContain("untouched");
  });
});
