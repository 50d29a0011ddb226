import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SuspensionLimits } from "../../src/policy/suspensionLimits.ts";
import {
  admit,
  allowSuspensions,
  giveBack,
  memorySafeguardStore,
  resetLatch,
} from "../../src/safeguard/safeguard.ts";

/** What happens to one account, at moments that many workers choose for themselves. */
type Step =
  | { what: "ask"; immediate: number; others: number; failing: number }
  | { what: "allow"; people: number; minutes: number }
  | { what: "reset" };

const anyStep: fc.Arbitrary<{ after: number; step: Step }> = fc.record({
  after: fc.integer({ min: 0, max: 20 * 60_000 }),
  step: fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        what: fc.constant("ask" as const),
        immediate: fc.integer({ min: 0, max: 4 }),
        others: fc.integer({ min: 0, max: 40 }),
        failing: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        what: fc.constant("allow" as const),
        people: fc.integer({ min: 1, max: 30 }),
        minutes: fc.integer({ min: 1, max: 30 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ what: fc.constant("reset" as const) }) },
  ),
});

const anyLimits: fc.Arbitrary<SuspensionLimits> = fc.record({
  atLeast: fc.integer({ min: 0, max: 60 }),
  percent: fc.integer({ min: 0, max: 20 }),
  windowMinutes: fc.integer({ min: 1, max: 120 }),
  immediate: fc.integer({ min: 0, max: 5 }),
});

const activeUsers = 500;
const start = Date.parse("2026-05-14T08:00:00Z");

describe("whatever is asked, failed, allowed and reset, in any order", () => {
  it("no window has more suspensions than the limit, those who leave at once and the allowances make up", async () => {
    await fc.assert(
      fc.asyncProperty(anyLimits, fc.array(anyStep, { maxLength: 60 }), async (limits, steps) => {
        const run = await runSteps(limits, steps);
        const limit = Math.max(limits.atLeast, Math.floor((activeUsers * limits.percent) / 100));
        for (const { at: end } of run.suspended) {
          const begin = end - limits.windowMinutes * 60_000;
          const inWindow = ({ at }: { at: number }) => at > begin && at <= end;
          const people = sum(run.suspended.filter(inWindow).map((suspended) => suspended.people));
          // An allowance of before the window may have been used in it.
          const allowed = sum(
            run.allowed.filter(({ at, until }) => at <= end && until > begin).map((a) => a.people),
          );
          expect(people).toBeLessThanOrEqual(limit + limits.immediate + allowed);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("a closed latch stays closed until it is reset, and nobody passes it but by number or allowance", async () => {
    await fc.assert(
      fc.asyncProperty(anyLimits, fc.array(anyStep, { maxLength: 60 }), async (limits, steps) => {
        let isClosed = false;
        await runSteps(limits, steps, (step, held, latched) => {
          if (step.what === "reset") isClosed = false;
          else if (held > 0) isClosed = true;
          expect(latched).toBe(isClosed);
        });
      }),
      { numRuns: 200 },
    );
  });
});

async function runSteps(
  limits: SuspensionLimits,
  steps: readonly { after: number; step: Step }[],
  check: (step: Step, held: number, latched: boolean) => void = () => undefined,
) {
  const store = memorySafeguardStore();
  const safeguard = { store, limitsOf: () => limits, onFault: () => undefined };
  const suspended: { at: number; people: number }[] = [];
  const allowed: { at: number; until: number; people: number }[] = [];
  let now = start;
  for (const { after, step } of steps) {
    now += after;
    let held = 0;
    if (step.what === "ask") {
      const { immediate, others, failing } = step;
      const decision = await admit(safeguard, "a", { immediate, others, activeUsers }, limits, now);
      if (decision.kind !== "decided") throw new Error(`expected a decision; got ${decision.kind}`);
      const passed = decision.passed.immediate + decision.passed.others;
      const unused = Math.floor(passed * failing);
      await giveBack(safeguard, "a", decision.receipt, unused);
      suspended.push({ at: now, people: passed - unused });
      held = immediate + others - passed;
      expect(decision.heldBy === undefined).toBe(held === 0);
    } else if (step.what === "allow") {
      const until = now + step.minutes * 60_000;
      await allowSuspensions(store, "a", { people: step.people, until, by: "grace" }, now);
      allowed.push({ at: now, until, people: step.people });
    } else await resetLatch(store, "a", { by: "grace" }, now);
    const [account] = await store.list();
    check(step, held, account?.state.latch !== undefined);
  }
  return { suspended, allowed };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
