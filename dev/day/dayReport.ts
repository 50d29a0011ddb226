import type { PendingDecision } from "../../src/ledger/pendingStore.ts";
import type { OutcomeKind } from "../../src/provisioning/outcome.ts";

/** What one HR day came to: what `npm start -- --json` prints. */
export interface DayReport {
  events: {
    /** Accepted by the bus. */
    published: number;
    /** Those of the published that break their schema: they lie in the dead-letter queues. */
    malformed: number;
    /** Events that followed from the published ones, such as the license of somebody who was hired. */
    followUps: number;
    /** Lines that were not accepted, because they are no events. */
    refused: number;
  };
  refusals: Refusal[];
  /** Published events, and those that followed, by how they ended. Tries that were repeated count once, at their end. */
  outcomes: Partial<Record<Ending, number>>;
  /** How often a message was put back to be tried again, by the reason's code. */
  retries: Record<string, number>;
  /** By operation. Users stand in the batch calls only. */
  calls: Record<string, { calls: number; users: number }>;
  deadLetters: { queue: string; reason: string; count: number }[];
  /** What is put off still: one decision per person and kind. */
  waiting: Waiting[];
  directory: { accountId: string; type: string; before: UserTally; after: UserTally }[];
  /** Published events of which neither the journal nor a dead-letter queue knows. */
  lost: number;
  /** What the bus took and brought nowhere, in words. */
  busLosses: string[];
  seconds: number;
}

/** How an event ends: by an outcome, or in a dead-letter queue because AWS itself gave up on it. */
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

/** Every published event, and every one that followed, has ended, exactly once, and none of them without a trace. */
export function isAccountedFor({ events, outcomes, lost, busLosses }: DayReport): boolean {
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return lost === 0 && busLosses.length === 0 && ended === events.published + events.followUps;
}
