import type { Intent } from "../pipelines.ts";

/** What became of one event: the audit trail. Times are ISO 8601 in UTC. */
export interface JournalEntry {
  personId: string;
  eventId: string;
  intent: Intent;
  /** What the order of decisions follows; see `versionKey`. */
  version: string;
  outcome: JournalOutcome;
  /** Why, for all outcomes but `applied`: the service's error code, the rule, the event that came over it. */
  code?: string;
  /** The directory's id of the call. */
  requestId?: string;
  accountId?: string;
  occurredAt: string;
  effectiveAt?: string;
  receivedAt: string;
  settledAt: string;
  /** The operator who released or discarded it, where one did. */
  by?: string;
  /** The operator's own words for why: at most 500 characters. */
  note?: string;
}

export type JournalOutcome =
  | "applied"
  | "unchanged"
  | "superseded"
  | "excluded"
  | "rejected"
  /** An operator took it away, from the dead letters or from what is held. It is final: no stray copy of the event may be carried out after that. */
  | "discarded"
  | "deferred"
  | "held";

/**
 * An event with one of these may still come to something when it comes again: its day comes, an operator releases or
 * redrives it, or the policy changes. Only then its entry is written anew.
 */
export const openOutcomes: readonly JournalOutcome[] = ["deferred", "held", "excluded", "rejected"];
