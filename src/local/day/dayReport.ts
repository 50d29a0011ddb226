import type { OutcomeKind } from "../../drain/outcome.ts";

/** What one HR day came to: what `npm start -- --json` prints. */
export interface DayReport {
  events: {
    /** Accepted by the bus. */
    published: number;
    /** Of all events those that break their schema; the published ones of them lie in the dead-letter queues. */
    malformed: number;
    /** Not accepted: no JSON, an unknown detail-type, or refused by the bus. */
    refused: number;
  };
  /** Published events by how they ended. Tries that were repeated count once, at their end. */
  outcomes: Partial<Record<Exclude<OutcomeKind, "retry">, number>>;
  /** How often a message was put back to be tried again. */
  retries: number;
  /** By operation. Users stand in the batch calls only. */
  calls: Record<string, { calls: number; users: number }>;
  deadLetters: { queue: string; reason: string; count: number }[];
  directory: { accountId: string; type: string; before: UserTally; after: UserTally }[];
  /** Published events of which neither the journal nor a dead-letter queue knows. */
  lost: number;
  seconds: number;
}

export interface UserTally {
  registered: number;
  invited: number;
  suspended: number;
}

/** Every event has ended, exactly once, and nothing was refused without a word. */
export function isAccountedFor({ events, outcomes, lost }: DayReport): boolean {
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return lost === 0 && ended === events.published;
}
