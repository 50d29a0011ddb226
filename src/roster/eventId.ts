import { createHash } from "node:crypto";
import type { CompareOptions } from "./comparison.ts";

/**
 * Event ids that follow from the roster's time, the change and the person, so that a roster that is synced twice sends
 * the same events, and the second ones are duplicates. Hashed, because a person's id may be too long for it.
 */
export function eventIdsOf(asOf: number): CompareOptions["eventIdOf"] {
  const roster = rosterId(asOf);
  return (kind, personId) =>
    `${roster}-${kind}-${createHash("sha256").update(personId).digest("hex").slice(0, 24)}`;
}

/** Names the roster of that time in the logs. */
export function rosterId(asOf: number): string {
  return `roster-${new Date(asOf).toISOString()}`;
}
