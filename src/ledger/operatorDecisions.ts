import type { Aspect } from "../pipelines.ts";
import type { JournalEntry } from "./ledger.ts";
import type { StoredHeldDecision } from "./pendingStore.ts";

/**
 * The port to the decisions that the safeguard holds, for operators. Who released or discarded one is in the person's
 * journal before anything comes of it. Everything here throws what the store throws, and may be done again.
 */
export interface HeldDecisions {
  /** In the order in which they were held. */
  list(): AsyncIterable<StoredHeldDecision>;
  /**
   * Approves of the decision, and of no other about the person, and makes it due: it is published within a minute or
   * two, and neither counts nor is held then.
   */
  release(decision: StoredHeldDecision, by: Approval): Promise<HeldAnswer<"released">>;
  /**
   * Drops the decision: it is not carried out, nor a late copy of its event. The journal keeps it as discarded. While an
   * invocation acts on a copy of it, it answers `busy`, and nothing is decided.
   */
  discard(decision: StoredHeldDecision, by: Approval): Promise<HeldAnswer<"discarded">>;
}

/** Who decided about a held decision, when (milliseconds since the epoch), and why. */
export interface Approval {
  by: string;
  now: number;
  note?: string;
}

export type HeldAnswer<Done extends string> =
  | { kind: Done }
  /** It is not held any more as it was read: released, discarded, cancelled or replaced by a newer one meanwhile. */
  | { kind: "changed" }
  /** An invocation may be acting on it now, until then in milliseconds since the epoch at the latest. It is held still. */
  | { kind: "busy"; until: number };

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

/** The decision that is to be marked as discarded on its head. */
export interface Marked {
  personId: string;
  aspect: Aspect;
  version: string;
}

export type MarkAnswer =
  /** No claim of it is granted any more. */
  | { kind: "marked" }
  /** It was carried out before. */
  | { kind: "settled" }
  /** An invocation may be acting on it now, until then in milliseconds since the epoch at the latest. */
  | { kind: "busy"; until: number };
