import type { Aspect, Intent } from "../pipelines.ts";
import type { WaitingKind } from "./pendingStore.ts";

/**
 * The port to the memory of what was decided and done. It keeps the order per person and aspect, makes a
 * redelivered event harmless and is the audit trail. Nothing here throws for a fault of the store: a fault is an
 * answer, because each of a batch's messages has to end in an outcome of its own.
 */
export interface Ledger {
  /** Asks for the right to act on decisions; one answer for each claim, in their order. */
  claim(claims: readonly Claim[], lease: Lease): Promise<ClaimAnswer[]>;
  /**
   * Writes the journal, then lets go of the claims: a `stand` moves the head forward, a `release` leaves it.
   * One answer for each, in their order; a `fault` means that the message must come again.
   */
  commit(conclusions: readonly ClaimResult[], lease: Lease): Promise<CommitAnswer[]>;
  /** Writes journal entries of decisions that were never claimed. An entry that is final already stays. */
  record(entries: readonly JournalEntry[]): Promise<CommitAnswer[]>;
  /** Which decision about an aspect of a person stands; one answer for each, in their order. */
  standing(heads: readonly Pick<Claim, "personId" | "aspect">[]): Promise<StandingAnswer[]>;
}

/** Who acts, and until when: `until` is the moment at which the invocation must have ended. Milliseconds. */
export interface Lease {
  owner: string;
  now: number;
  until: number;
}

/** One decision about one person and aspect. `version` orders them (`versionKey`). */
export interface Claim {
  personId: string;
  aspect: Aspect;
  eventId: string;
  version: string;
  /** Lower-case. Remembered with the head, so that an operator can find a person by address. */
  email: string;
}

export type ClaimAnswer =
  /**
   * The decision is the newest and nobody else acts. `interrupted`: an earlier try at this very decision never came
   * to its end, so the call may have been made. `pending`: kinds of decisions that wait for their day.
   * `approvedBy`: the operator who released this very decision, after the safeguard had held it; `approvalNote`: why.
   * `counted`: the safeguard let this very decision pass at an earlier try, and counts it still.
   */
  | {
      kind: "granted";
      interrupted: boolean;
      pending: readonly WaitingKind[];
      approvedBy?: string;
      approvalNote?: string;
      counted?: true;
    }
  /** This event was dealt with before. */
  | { kind: "settled" }
  /** An operator discarded this very event, so nothing is to be done about it any more. Older ones are not judged by it. */
  | { kind: "discarded" }
  /** A newer decision stands; `by` is its event id. */
  | { kind: "superseded"; by: string }
  /**
   * Another invocation acts for this person until then, in milliseconds since the epoch; or one that acted on a newer
   * decision has never come to its end, and that decision comes again.
   */
  | { kind: "busy"; until: number }
  | { kind: "fault"; reason: string };

/** How a claim ends. */
export type ClaimResult = { claim: Claim } & (
  | {
      kind: "stand";
      /** A `rejected` decision stands over older ones too, but may be tried again. */
      as: "applied" | "rejected";
      entry: JournalEntry;
      /** Kinds of decisions that wait for their day: this one cancels those that are not newer. */
      pending: readonly WaitingKind[];
      /** The approval that the claim was granted with: it ends here. */
      approvedBy?: string;
      /** Rejected though it was carried out: if it is tried again, the safeguard is not to count it anew. */
      counted?: boolean;
    }
  /**
   * Nothing was decided: somebody else may claim at once. With an entry: it is put off, and comes again some day.
   * `counted`: the safeguard counts it; its next claim tells.
   */
  | { kind: "release"; entry?: JournalEntry; counted?: boolean }
  /** A call may still be under way at the service: the lease runs out by itself. */
  | { kind: "keep"; counted?: boolean }
);

export type StandingAnswer =
  /** `eventId` is the decision's; `undefined` where none stands yet. */
  | { kind: "stands"; eventId: string | undefined }
  /** One is being carried out, or was begun and has never come to its end. */
  | { kind: "open" }
  | { kind: "fault"; reason: string };

export type CommitAnswer = { kind: "done" } | { kind: "fault"; reason: string };

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
