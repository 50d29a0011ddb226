import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyScenario } from "./anyScenario.ts";
import { type Run, runScenario } from "./runScenario.ts";
import type { Violation } from "./violation.ts";
import * as weakened from "./weakenedLedgers.ts";
import type { Weaken } from "./world.ts";

/** Schedules to try. `INTERLEAVINGS_RUNS=100000` fills a night, `INTERLEAVINGS_SEED` repeats the schedules of a run. */
const numRuns = Number(process.env.INTERLEAVINGS_RUNS ?? 2500);
const seed = process.env.INTERLEAVINGS_SEED;
const timeLimit = 60_000 + numRuns * 20;
/** Seconds of time are enough for a counterexample to become short; it fails with what it has by then. */
const parameters = {
  numRuns,
  interruptAfterTimeLimit: timeLimit,
  markInterruptAsFailure: true,
  ...(seed !== undefined && { seed: Number(seed) }),
};
const timeout = timeLimit + 30_000;

describe("several invocations on one ledger and one directory, whichever goes on at each await, with crashes and faults,", () => {
  it(
    "lose nothing, do nothing twice, and let no older decision take effect after a newer one",
    async () => {
      const outcomes = new Set<string>();
      const holds = fc.asyncProperty(anyScenario, async (scenario) => {
        const run = await runScenario(scenario);
        for (const fact of run.world.history.facts)
          if (fact.kind === "ended") outcomes.add(fact.outcome.kind);
        if (run.violations.length > 0) throw new Error(tellRun(run));
      });
      await fc.assert(holds, parameters);
      expect([...outcomes].sort()).toEqual(["applied", "deferred", "rejected", "superseded", "unchanged"]);
    },
    timeout,
  );

  it.each([
    ["without the lease", weakened.withoutLease],
    ["with a lease that ends before the invocation", weakened.withShortLease],
    ["with a look at the order after the call in place of the lease", weakened.checkingAfterwards],
    ["without the check of the version", weakened.withoutVersions],
    ["without the hold of an open claim", weakened.withoutOpenClaims],
  ])(
    "let an older decision take effect after a newer one %s",
    (_guard, weaken) => expectToFind("regression", weaken),
    timeout,
  );

  it.each([
    ["without the check for the event itself", weakened.withoutIdempotency],
    ["without a look at the lease when they let go", weakened.withoutCheckAtTheEnd],
  ])("do something twice %s", (_guard, weaken) => expectToFind("twice", weaken), timeout);

  it.each([
    ["with a head that moves before the call", weakened.settlingBeforeTheCall],
    ["with a journal that is believed before the head has moved", weakened.believingTheJournal],
    ["with a cancellation that does not look at the version", weakened.cancellingWhatIsNewer],
  ])("lose something %s", (_guard, weaken) => expectToFind("lost", weaken), timeout);
});

/** A guard is needed if a ledger without it does the harm within the normal number of schedules. */
async function expectToFind(kind: Violation["kind"], weaken: Weaken): Promise<void> {
  const isHarmless = fc.asyncProperty(anyScenario, async (scenario) => {
    const { violations } = await runScenario(scenario, weaken);
    return violations.every((violation) => violation.kind !== kind);
  });
  const { counterexample } = await fc.check(isHarmless, { ...parameters, endOnFailure: true });
  expect(counterexample).not.toBe(null);
}

function tellRun({ violations, world }: Run): string {
  const harms = violations.map(({ kind, text }) => `${kind}: ${text}`);
  return ["", ...harms, "", ...world.history.lines].join("\n");
}
