import type { PendingDecision } from "../../src/ledger/pendingStore.ts";
import type { OutcomeKind } from "../../src/provisioning/outcome.ts";

/** The results of one HR day, as `npm start -- --json` prints them. */
export interface DayReport {
  events: {
    /** Events that the bus accepted. */
    published: number;
    /** Published events that break their schema. They are in the dead-letter queues. */
    malformed: number;
    /** Follow-up events of the published ones, such as the license of a new user. */
    followUps: number;
    /** Lines that were not published, because they are no events. */
    refused: number;
  };
  refusals: Refusal[];
  /** Published and follow-up events by their final outcome. A message that was retried counts once. */
  outcomes: Partial<Record<Ending, number>>;
  /** How often a message was retried, by the code of the reason. */
  retries: Record<string, number>;
  calls: DirectoryCalls[];
  deadLetters: { queue: string; reason: string; count: number }[];
  /** Decisions that still wait: one per person and kind. */
  waiting: Waiting[];
  directory: { accountId: string; type: string; before: UserTally; after: UserTally }[];
  /** Published events that are neither in the journal nor in a dead-letter queue. */
  lost: number;
  /** Sentences about events that the bus accepted and did not deliver. */
  busLosses: string[];
  seconds: number;
}

/** The calls to a directory, by its own names of operations. */
export interface DirectoryCalls {
  directory: string;
  operations: Record<string, { calls: number; users: number }>;
}

/** The final outcome of an event, or that AWS itself gave up on it and moved it to a dead-letter queue. */
export type Ending = Exclude<OutcomeKind, "retry"> | "undelivered" | "receivedTooOften";

/** The lines that were refused for one reason. */
export interface Refusal {
  code: string;
  reason: string;
  count: number;
  firstLine: number;
}

export interface Waiting {
  because: PendingDecision["because"];
  count: number;
  /** When the first of them is published. ISO 8601. */
  nextAt: string;
}

export interface UserTally {
  registered: number;
  invited: number;
  suspended: number;
}

/** Whether every published event and every follow-up has exactly one final outcome, and none was lost. */
export function isAccountedFor({ events, outcomes, lost, busLosses }: DayReport): boolean {
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return lost === 0 && busLosses.length === 0 && ended === events.published + events.followUps;
}
