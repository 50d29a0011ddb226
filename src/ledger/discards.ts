import type { JournalEntry } from "./journalEntry.ts";

/**
 * The port by which an operator takes events away for good. A discarded event is never carried out again, not even if a
 * copy of it is still on its way: its head remembers it. The order of all other decisions stays as it is: a discarded
 * event stands over older ones no more than it did before.
 */
export interface Discards {
  /** One event, with the entry that its discarding is journalled as. Nothing here throws for a fault of the store. */
  discard(entry: JournalEntry): Promise<DiscardAnswer>;
}

export type DiscardAnswer =
  | { kind: "done" }
  /** It came to its end before, by another copy. The journal keeps that end. */
  | { kind: "settled" }
  /** An invocation may be acting on it now, until then in milliseconds since the epoch at the latest. */
  | { kind: "busy"; until: number }
  | { kind: "fault"; reason: string };
