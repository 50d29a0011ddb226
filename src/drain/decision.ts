import type { Intent } from "../pipelines.ts";

/**
 * What one message asks for: an HR event, read as an intent for one person. `index` is the position of its
 * record in the batch, and the only link back to it.
 */
export interface Decision {
  index: number;
  /** How often the queue has handed the message out, this time included. */
  receiveCount: number;
  eventId: string;
  correlationId: string | undefined;
  personId: string;
  intent: Intent;
  /** Lower-case, as are `previousEmails`: addresses compare case-insensitively. */
  email: string;
  previousEmails: readonly string[];
  userId: string | undefined;
  role: string | undefined;
  licenseType: string | undefined;
  urgent: boolean;
  /** Milliseconds since the epoch. */
  occurredAt: number;
}

/** What makes one decision newer than another. */
export type Version = Pick<Decision, "occurredAt" | "intent" | "eventId">;

/**
 * The order of decisions about one person and aspect: negative if `a` is older than `b`. HR's clock comes
 * first; of two at the same time the more restrictive stands, because a wrong suspension is noticed and
 * mended, and a missing one is not; the id only makes the order total.
 */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.occurredAt - b.occurredAt ||
    restrictiveness(a.intent) - restrictiveness(b.intent) ||
    (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0)
  );
}

function restrictiveness(intent: Intent): number {
  return intent === "offboard" ? 1 : 0;
}
