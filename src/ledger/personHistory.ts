import type { Aspect } from "../pipelines.ts";
import type { JournalEntry } from "./ledger.ts";
import type { HeldDecision, PendingDecision } from "./pendingStore.ts";

/** The port to what the ledger remembers of people, for whoever asks. It only reads, and throws what the store throws. */
export interface History {
  /** Everything about one person; `undefined` for somebody whom the ledger does not know. */
  ofPerson(personId: string): Promise<PersonHistory | undefined>;
  /**
   * The ids of those who had the address (lower-case) at their latest decision, or who wait under it; sorted. Earlier
   * addresses of a person are not kept.
   */
  peopleAt(email: string): Promise<string[]>;
}

export interface PersonHistory {
  personId: string;
  heads: Head[];
  /** In the order of the decisions, the oldest first. */
  entries: JournalEntry[];
  /** By their due date. */
  waiting: PendingDecision[];
  /** By the time at which the safeguard held them. */
  held: HeldDecision[];
}

/** Where one aspect of a person stands. */
export interface Head {
  aspect: Aspect;
  email?: string;
  /** The newest decision that stands. */
  settled?: { eventId: string; version: string; as: "applied" | "rejected" };
  /**
   * A claim that was not concluded. While its lease runs (`until`, milliseconds since the epoch) somebody is at work.
   * After that, or where no lease is left, whoever was has died or got no answer, and the message comes again.
   */
  claim?: { version: string; lease?: { owner: string; until: number } };
  /** Versions of the decisions that an operator discarded, if any. */
  discarded?: readonly string[];
}
