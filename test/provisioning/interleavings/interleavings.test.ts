import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFollowUp } from "./followUps.ts";
import { anyScenario } from "./scenario.ts";
import { type Run, runScenario } from "./schedule.ts";
import type { Violation } from "./violations.ts";
import * as weakened from "./weakenedLedgers.ts";
import type { Weaken } from "./world.ts";

/** Schedules that the property is held against; `INTERLEAVINGS_RUNS=100000` for a night, `INTERLEAVINGS_SEED` to repeat one. */
const numRuns = Number(process.env.INTERLEAVINGS_RUNS ?? 1000);
const seed = process.env.INTERLEAVINGS_SEED;
const parameters = { numRuns, ...(seed !== undefined && { seed: Number(seed) }) };
const timeout = 900_000 + numRuns * 200;

describe("several invocations on one ledger and one directory, interleaved at every await, with crashes and faults", () => {
  it(
    "lose nothing, do nothing twice, and let no older decision take effect after a newer one",
    async () => {
      const outcomes = new Set<string>();
      const ofFollowUps = new Set<string>();
      const holds = fc.asyncProperty(anyScenario, async (scenario) => {
        const run = await runScenario(scenario);
        for (const fact of run.world.history.facts)
          if (fact.kind === "ended")
            (isFollowUp(fact.decision) ? ofFollowUps : outcomes).add(fact.outcome.kind);
        if (run.violations.length > 0) throw new Error(describeRun(run));
      });
      await fc.assert(holds, parameters);
      expect([...outcomes].sort()).toEqual([
        "applied",
        "deferred",
        "excluded",
        "rejected",
        "superseded",
        "unchanged",
      ]);
      expect([...ofFollowUps].sort()).toEqual(expect.arrayContaining(["applied", "superseded", "unchanged"]));
    },
    timeout,
  );

  it.each<[string, string, Violation["kind"], Weaken]>([
    [
      "without the lease",
      "an older decision takes effect after a newer one",
      "regression",
      weakened.withoutLease,
    ],
    [
      "with a lease shorter than the invocation",
      "an older decision takes effect after a newer one",
      "regression",
      weakened.withShortLease,
    ],
    [
      "with a look at the order after the call in place of the lease",
      "an older decision takes effect after a newer one",
      "regression",
      weakened.checkingAfterwards,
    ],
    [
      "without the comparison of the head that is written with the head that was read",
      "an older decision takes effect after a newer one",
      "regression",
      weakened.withoutComparison,
    ],
    [
      "without the check of the version",
      "an older decision takes effect after a newer one",
      "regression",
      weakened.withoutVersions,
    ],
    [
      "without the hold of an open claim",
      "an older decision takes effect after a newer one",
      "regression",
      weakened.withoutOpenClaims,
    ],
    [
      "without the check for the very event",
      "a decision takes effect twice",
      "twice",
      weakened.withoutIdempotency,
    ],
    ["with a head that moves before the call", "a decision is lost", "lost", weakened.standingBeforeTheCall],
    [
      "with a journal that is believed before the head",
      "a decision is lost",
      "lost",
      weakened.believingTheJournal,
    ],
    ["with a cancellation of whatever waits", "a decision is lost", "lost", weakened.cancellingWhatIsNewer],
    [
      "without a comparison with what waits",
      "a decision takes effect that was put off",
      "regression",
      weakened.withoutNotes,
    ],
    [
      "with a return that cancels all that was announced",
      "a leave is lost",
      "lost",
      weakened.forgettingEndedLeaves,
    ],
    [
      "without the hold of an open claim on access",
      "a license follows from a decision after a newer one",
      "regression",
      weakened.followingWhatIsOpen,
    ],
    [
      "without the present look at what stands of access",
      "a license follows from a decision after a newer one",
      "regression",
      weakened.followingWhatStoodBefore,
    ],
  ])(
    "%s, %s",
    async (_weakness, _harm, kind, weaken) => {
      const finds = fc.asyncProperty(anyScenario, async (scenario) => {
        const { violations } = await runScenario(scenario, weaken);
        return violations.every((violation) => violation.kind !== kind);
      });
      // It ends with the first find, so that many runs cost nothing.
      const many = Math.max(numRuns, 20_000);
      const { failed } = await fc.check(finds, { ...parameters, numRuns: many, endOnFailure: true });
      expect(failed).toBe(true);
    },
    timeout,
  );
});

function describeRun({ violations, world }: Run): string {
  const harms = violations.map(({ kind, text }) => `${kind}: ${text}`);
  return ["", ...harms, "", ...world.history.lines].join("\n");
}
