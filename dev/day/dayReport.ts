import type { PendingDecision } from "../../src/ledger/pendingStore.ts";
import type { OutcomeKind } from "../../src/provisioning/outcome.ts";

/** The report of one HR day, as `npm start -- --json` prints it. */
export interface DayReport {
  events: {
    /** Accepted by the bus. */
    published: number;
    /** Published events that violate their schema; they end in the dead-letter queues. */
    malformed: number;
    /** Events that followed from the published ones, such as a new user's license. */
    followUps: number;
    /** Lines that were not accepted, because they are no events. */
    refused: number;
  };
  refusals: Refusal[];
  /** Events by how they ended, follow-ups included. Retries count once, at their end. */
  outcomes: Partial<Record<Ending, number>>;
  /** How often a message was returned to its queue for a retry, by the reason's code. */
  retries: Record<string, number>;
  /** By operation. Only batch calls count users. */
  calls: Record<string, { calls: number; users: number }>;
  deadLetters: { queue: string; reason: string; count: number }[];
  /** Decisions that still wait: one per person and kind. */
  waiting: Waiting[];
  directory: { accountId: string; type: string; before: UserTally; after: UserTally }[];
  /** Published events that are neither in the journal nor in a dead-letter queue. */
  lost: number;
  /** What the bus accepted and did not deliver, in words. */
  busLosses: string[];
  seconds: number;
}

/** How an event ends: with an outcome, or in a dead-letter queue because AWS itself gave up. */
export type Ending = Exclude<OutcomeKind, "retry"> | "undelivered" | "receivedTooOften";

/** Lines that were refused for the same reason. */
export interface Refusal {
  code: string;
  reason: string;
  count: number;
  firstLine: number;
}

export interface Waiting {
  because: PendingDecision["because"];
  count: number;
  /** When the first of them is published again. ISO 8601. */
  nextAt: string;
}

export interface UserTally {
  registered: number;
  invited: number;
  suspended: number;
}

/** Says whether every event, follow-ups included, has ended exactly once and left a trace. */
export function isAccountedFor({ events, outcomes, lost, busLosses }: DayReport): boolean {
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return lost === 0 && busLosses.length === 0 && ended === events.published + events.followUps;
}
