import { describe, expect, it } from "vitest";
import { memoryLedger, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryHeldDecisions, memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import type { HeldAnswer } from "../../src/ledger/operatorDecisions.ts";
import type { StoredHeldDecision } from "../../src/ledger/pendingStore.ts";
import { applyToHeld, decideHeld, type HeldFilter } from "../../src/operations/heldSuspensions.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import { claimOf, entryOf, leaseOf } from "../ledger/decisions.ts";

const decisions = (count: number): StoredHeldDecision[] =>
  Array.from({ length: count }, (_, index) => {
    const personId = `P-${index}`;
    const { email: _email, ...decision } = claimOf({ personId, eventId: `hr-${index}`, minute: 1 });
    const held = { because: "held", accountId: "team", rule: "SuspensionLimit", heldAt: 0 } as const;
    return { ...decision, ...held, intent: "offboard", event: "{}", token: `${index}` };
  });

describe("applyToHeld", () => {
  const settled = async (
    count: number,
    settle: (index: number) => Promise<HeldAnswer<"released">>,
    signal = new AbortController().signal,
  ) => {
    const progress: number[] = [];
    const results = await applyToHeld(decisions(count), ({ token }) => settle(Number(token)), {
      signal,
      explainFailure: (error) => String(error),
      onProgress: ({ done }) => progress.push(done),
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

describe("decideHeld", () => {
  async function decide(answer: boolean, filter: HeldFilter = {}) {
    const store = memoryStore();
    const told = [1, 2].map((n) => ({ personId: `P-${n}`, eventId: `hr-${n}`, minute: 1 }));
    const ledger = memoryLedger(store);
    await ledger.claim(told.map(claimOf), leaseOf("earlier"));
    await memoryPendingStore(store).defer(decisions(3).slice(1));
    await ledger.commit(
      told.map((each) => ({ kind: "release", claim: claimOf(each), entry: entryOf(each, "held") })),
      leaseOf("earlier"),
    );
    const latch = { closedAt: 0, asked: 3, passed: 2, limit: 1 };
    const asked: unknown[] = [];
    const decided = await decideHeld(
      "release",
      { ...filter, by: "eve", because: "HR confirms it" },
      {
        held: memoryHeldDecisions(store),
        safeguard: memorySafeguardStore(new Map([["team", { admissions: [], acts: [], latch }]])),
        table: "hr-ledger",
        now: () => 60_000,
        signal: new AbortController().signal,
        explainFailure: String,
        onProgress: () => {},
        confirm: async (counts) => {
          asked.push(...counts);
          return answer;
        },
      },
    );
    const kinds = [...store.pending.values()].map(({ because }) => because);
    return { decided, asked, kinds };
  }

  it("reports what became of each, and whose latch is closed, as plain data", async () => {
    const { decided, asked, kinds } = await decide(true);
    const report = decided.kind === "decided" ? decided.report : decided;
    expect(asked).toMatchObject([{ accountId: "team", people: 2 }]);
    expect(kinds).toEqual(["released", "released"]);
    expect(report).toMatchObject({
      table: "hr-ledger",
      count: 2,
      counts: { released: 2 },
      latchClosed: ["team"],
      held: [{ personId: "P-1", result: "released", heldForSeconds: 60 }, { personId: "P-2" }],
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("changes nothing without a yes", async () => {
    const { decided, kinds } = await decide(false);
    expect([decided, kinds]).toEqual([{ kind: "declined" }, ["held", "held"]]);
  });

  it("asks nobody where nobody is meant", async () => {
    const { decided, asked } = await decide(false, { account: ["other"] });
    expect([decided, asked]).toMatchObject([{ kind: "decided", report: { count: 0, counts: {} } }, []]);
  });
});
