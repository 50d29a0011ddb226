import { dayMilliseconds } from "../events/day.ts";
import type { Decision } from "./decision.ts";
import type { Rejected } from "./outcome.ts";

/** How far the clock of an HR system may be ahead of ours. */
const tolerableSkewMilliseconds = dayMilliseconds;

/**
 * Why a decision's time forbids to believe it. One from the future would stand over every true one that follows, so a wrong
 * clock or year must not pass. An old one may come from last year's file, sent once more.
 *
 * What follows from another decision is as good as that one, which was young enough when it came.
 *
 * What HR decides months ahead is as old as its effect; what Rollcall made wait for its user is as old as it came.
 *
 * @param now milliseconds since the epoch
 */
export function ageFault(
  decision: Pick<Decision, "occurredAt" | "effectiveAt" | "waitingSince" | "follows">,
  maxAgeDays: number | undefined,
  now: number,
): Rejected | undefined {
  const { occurredAt, effectiveAt, waitingSince, follows } = decision;
  if (occurredAt > now + tolerableSkewMilliseconds) return fromTheFuture;
  if (maxAgeDays === undefined || follows !== undefined) return undefined;
  const age = Math.min(waitingSince ?? now, now) - Math.max(occurredAt, effectiveAt);
  return age > maxAgeDays * dayMilliseconds ? stale(maxAgeDays) : undefined;
}

const fromTheFuture: Rejected = {
  kind: "rejected",
  code: "FromTheFuture",
  reason:
    "metadata.occurredAt lies more than a day ahead; send when HR decided there, and when it takes effect in data.effectiveAt",
};

function stale(maxAgeDays: number): Rejected {
  const reason = `HR decided this more than ${maxAgeDays} days ago (freshness.maxAgeDays of the policy); if it still holds, send it again with a metadata.id and an occurredAt of its own`;
  return { kind: "rejected", code: "Stale", reason };
}
