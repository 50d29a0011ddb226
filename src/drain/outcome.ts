import type { HeldRule } from "../ledger/pendingStore.ts";

/**
 * What became of one message. Every message ends in exactly one of these; all but `retry` acknowledge it.
 */
export type Outcome =
  | { kind: "applied"; requestId: string | undefined }
  /** Already so: a duplicate, or the directory stood like this before. */
  | { kind: "unchanged"; because: "duplicate" | "alreadySo" }
  /** A newer decision about the same person and aspect exists; `by` is its event id. */
  | { kind: "superseded"; by: string }
  /** Waits: for its day, or for its user to exist. `until` in milliseconds since the epoch. */
  | { kind: "deferred"; because: "effectiveLater" | "notRegistered"; until: number }
  /** Stopped by the safeguard: waits until an operator releases it. */
  | { kind: "held"; rule: HeldRule }
  /** Out of scope by policy; `rule` says which. */
  | { kind: "excluded"; rule: string }
  /** Will never succeed: goes to the pipeline's dead-letter queue with this reason. */
  | Rejected
  /** May succeed later: reported as a batch item failure. */
  | Retry;

export interface Rejected {
  kind: "rejected";
  /** A word for machines and counts, such as `Malformed` or the service's own error code. */
  code: string;
  /** For people: what was expected, what came, what to do. Holds no personal data. */
  reason: string;
  requestId?: string;
  /** The decision itself was carried out; what was to be done besides was not. */
  carriedOut?: true;
}

export interface Retry {
  kind: "retry";
  code: string;
  reason: string;
  requestId?: string;
  /** When the service said when to come back. */
  retryAfterSeconds?: number;
  /** When nothing gets better before somebody has mended something. */
  atLeastSeconds?: number;
  /** When waiting longer makes nothing better. */
  atMostSeconds?: number;
  /** No answer came, so the call may still be under way at the service. */
  mayStillHappen?: true;
  /** Not for ever: after too many receives SQS itself moves the message to the dead-letter queue. */
  receivesAreNumbered?: true;
  /** A fresh copy stands in the queue, so this message may go. */
  renewed?: true;
}

export type OutcomeKind = Outcome["kind"];

/** The outcome of the message at `index` of the batch. */
export interface Settlement {
  index: number;
  outcome: Outcome;
}
