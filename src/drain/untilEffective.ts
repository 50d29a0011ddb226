import type { DecisionToDefer } from "./defer.ts";
import type { ScopedDecision } from "./screen.ts";

/** Decisions in; those that are in effect out, apart from those whose day is still to come. `now` in milliseconds. */
export function untilEffective(
  decisions: readonly ScopedDecision[],
  now: number,
): { effective: ScopedDecision[]; later: DecisionToDefer[] } {
  const effective: ScopedDecision[] = [];
  const later: DecisionToDefer[] = [];
  for (const decision of decisions) {
    const { effectiveAt, occurredAt } = decision;
    // An event that names no time is in effect at once, even if the clock that stamped it is a little ahead.
    if (effectiveAt <= now || effectiveAt === occurredAt) effective.push(decision);
    else
      later.push({ decision, deferred: { kind: "deferred", because: "effectiveLater", until: effectiveAt } });
  }
  return { effective, later };
}
