import type { Decision } from "./decision.ts";

/** All decisions about one aspect of one person, from the oldest to the one that has to stand. */
export type History = readonly [Decision, ...Decision[]];

/** Replays the decisions in the order that HR means: one history for each person and aspect. */
export function histories(decisions: readonly Decision[]): History[] {
  const byAspect = new Map<string, [Decision, ...Decision[]]>();
  for (const decision of decisions) {
    const key = `${decision.personId} ${decision.aspect}`;
    const history = byAspect.get(key);
    if (history === undefined) byAspect.set(key, [decision]);
    else history.push(decision);
  }
  for (const history of byAspect.values()) history.sort(byAge);
  return [...byAspect.values()];
}

/**
 * The later decision is the newer one; of the same time the one that takes effect later, then the leave, then the one
 * with the greater id.
 */
function byAge(a: Decision, b: Decision): number {
  return (
    a.occurredAt - b.occurredAt ||
    a.effectiveAt - b.effectiveAt ||
    Number(a.wants === "out") - Number(b.wants === "out") ||
    (a.id < b.id ? -1 : 1)
  );
}
