import type { CommitAnswer, JournalEntry } from "./ledger.ts";
import type { StoredHeldDecision } from "./pendingStore.ts";

/**
 * The port through which operators release or discard held suspensions. The journal names the operator before the decision
 * takes effect. Everything here throws what the store throws, and may be done again.
 */
export interface HeldDecisions {
  /** In the order in which they were held. */
  list(): AsyncIterable<StoredHeldDecision>;
  /**
   * Approves this one decision about the person, and makes it due. It is published within a minute or two, and is neither
   * counted nor held then.
   */
  release(decision: StoredHeldDecision, by: Approval): Promise<HeldAnswer<"released">>;
  /**
   * Drops the decision: neither it nor a late copy of its event is carried out. The journal keeps it as discarded. While an
   * invocation acts on a copy of it, the answer is `busy`, and nothing changes.
   */
  discard(decision: StoredHeldDecision, by: Approval): Promise<HeldAnswer<"discarded">>;
}

/** The operator who releases or discards, when by the operator's own clock (milliseconds since the epoch), and why. */
export interface Approval {
  by: string;
  now: number;
  note?: string;
}

/** The time by which a ledger decides about an operator's request: not the operator's own, which may be wrong. */
export type DecidingClock = (approval: Pick<Approval, "now">) => number;

export type HeldAnswer<Done extends string> =
  | { kind: Done }
  /**
   * It is no longer held as it was read: it was released, discarded, carried out, cancelled or replaced by a newer one meanwhile. What
   * a fault has left held although it is over is held no more.
   */
  | { kind: "changed" }
  /** An invocation may be acting on it now, until then in milliseconds since the epoch at the latest. It is held still. */
  | { kind: "busy"; until: number };

/**
 * The port through which an operator discards events for good. A discarded event is never carried out, not even by a late copy
 * of it: its person's head remembers it. The order of all other decisions stays as it is: a discarded event supersedes older
 * ones no more than it did before.
 */
export interface Discards {
  /** Discards one event, and writes the entry. Nothing here throws for a fault of the store. */
  discard(entry: JournalEntry): Promise<DiscardAnswer>;
  /** Writes the entry of a message that no pipeline can read as an event: nothing can claim it, so no head remembers it. */
  discardUnread(entry: JournalEntry): Promise<DiscardAnswer>;
}

/**
 * The port that puts redrives on record: who sent a dead letter back to its queue, and why. Nothing else changes, and what the
 * journal says of an earlier rejection stays.
 */
export interface Redrives {
  /**
   * Adds the step to the event's entry, before the message is sent. `entry` says why it is a dead letter, and is written where
   * the journal has none. Nothing here throws for a fault of the store.
   */
  record(entry: JournalEntry, by: Approval): Promise<CommitAnswer>;
}

/**
 * A call that an operator made at a directory, past the events: so it has no place in the order of decisions. Times are ISO 8601 in
 * UTC.
 */
export interface OperatorAct {
  id: string;
  /** When it began. */
  at: string;
  /** The call, in the words of whoever made it, such as `signOut`. */
  operation: string;
  /** Left out while it is not known: of an account that is being created. */
  accountId?: string;
  /** The person whom it was about, where the ledger knows who that is. */
  personId?: string;
  /** Ids of users at the directory. */
  userIds: readonly string[];
  by: string;
  note: string;
  /** `begun`: the call may have been made, and its end was never written. */
  result: "begun" | "done" | "failed" | "partly";
  /** Why it failed: the service's code. */
  code?: string;
  requestId?: string;
}

/** The port that puts an operator's own calls on record. It throws what the store throws. */
export interface OperatorActs {
  /** Writes the act before its call, and again with its result. */
  record(act: OperatorAct): Promise<void>;
  /** The latest acts about an account that name no person, the newest first. */
  ofAccount(accountId: string, most: number): Promise<OperatorAct[]>;
}

/**
 * The port that puts undos on record: who undid an event that was carried out, and why. Its outcome stays. Nothing here throws for a
 * fault of the store.
 */
export interface Undos {
  /** Adds the step to the events' entries, before the undos are published; one answer for each, in their order. */
  record(undone: readonly UndoneEntry[], by: Approval): Promise<CommitAnswer[]>;
}

interface UndoneEntry {
  personId: string;
  eventId: string;
  /** The id of the event that undoes it. */
  by: string;
}

export type DiscardAnswer =
  | { kind: "done" }
  /** Another copy of it came to its final outcome before. The journal keeps that outcome. */
  | { kind: "settled" }
  /** An invocation may be acting on it now, until then in milliseconds since the epoch at the latest. */
  | { kind: "busy"; until: number }
  | { kind: "fault"; reason: string };

export type MarkAnswer =
  /** No claim of it is granted any more. */
  | { kind: "marked" }
  /** It was carried out before. */
  | { kind: "settled" }
  /** An invocation may be acting on it now, until then in milliseconds since the epoch at the latest. */
  | { kind: "busy"; until: number };
