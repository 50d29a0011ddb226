import type { Aspect, Intent } from "../pipelines.ts";

/** An event about a person's access that brings a change of license about, at once or after a while. */
export interface FollowedEvent {
  type: "EmployeeHired" | "EmployeeLeft" | "EmployeeReturned";
  id: string;
}

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
  /** By the policy; `undefined` before it was asked, and for whom it puts out of scope. */
  accountId: string | undefined;
  intent: Intent;
  aspect: Aspect;
  /** Lower-case, as are `previousEmails`: addresses compare case-insensitively. */
  email: string;
  previousEmails: readonly string[];
  userId: string | undefined;
  role: string | undefined;
  /** By name, as HR writes them. */
  attributes: Readonly<Record<string, string>> | undefined;
  /** Why somebody leaves, in HR's words. */
  reason: string | undefined;
  licenseType: string | undefined;
  /** The event about access that a change of license follows from, if it does. */
  follows: FollowedEvent | undefined;
  urgent: boolean;
  /** When HR decided, and when that takes effect. Milliseconds since the epoch. */
  occurredAt: number;
  effectiveAt: number;
  /** Orders the decisions about one person and aspect; see `versionKey`. */
  version: string;
  /** Since when the decision waits for its user to exist, if it does. Milliseconds since the epoch. */
  waitingSince: number | undefined;
  /** When the queue first handed the message out. Milliseconds since the epoch. */
  receivedAt: number;
}

/** Negative if `a` is the older decision, positive if it is the newer one, 0 if they are the same. */
export function compareVersions(a: Pick<Decision, "version">, b: Pick<Decision, "version">): number {
  return a.version < b.version ? -1 : a.version > b.version ? 1 : 0;
}
