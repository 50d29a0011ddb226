import type { Failure } from "../directory/directory.ts";
import type { HeldRule } from "../ledger/pendingStore.ts";
import type { PersonDecisions, ScopedDecision } from "./decision.ts";

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
export interface MessageOutcome {
  index: number;
  outcome: Outcome;
}

/** A group that needs no call: its leader's outcome. */
export interface PersonResult {
  group: PersonDecisions<ScopedDecision>;
  outcome: Outcome;
}

/**
 * A failure whose cause the service does not tell may be lasting: after so many receives the message goes to
 * the dead-letter queue, with what is known, instead of going round for ever.
 */
const receivesBeforeGivingUp = 6;

/** Credentials, permissions and accounts are mended by people. Not much longer, or a leaver would wait for nothing. */
export const untilSomebodyMendsItSeconds = 300;

/** What a failure means for the message that met it. */
export function outcomeOfFailure(failure: Failure, receiveCount: number): Outcome {
  switch (failure.class) {
    case "permanent":
    case "noSuchUser":
      return rejected(failure);
    case "contended":
    case "unknown":
    case "invalidCall":
      return isGivenUp(failure, receiveCount) ? rejected(failure) : lastingRetry(failure);
    case "throttled":
    case "transient":
      return retry(failure);
    case "configuration":
      return { ...retry(failure), atLeastSeconds: untilSomebodyMendsItSeconds };
  }
}

/** Giving up lets go of the person: a call that may still happen could then take effect after a newer decision. */
function isGivenUp({ mayStillHappen }: Failure, receiveCount: number): boolean {
  return receiveCount >= receivesBeforeGivingUp && !mayStillHappen;
}

/** Without an answer it cannot be given up here; SQS's own limit of receives ends it, which leaves its claim open. */
function lastingRetry(failure: Failure): Retry {
  return failure.mayStillHappen ? { ...retry(failure), receivesAreNumbered: true } : retry(failure);
}

function rejected({ code, message, requestId }: Failure): Outcome {
  return { kind: "rejected", code, reason: message, ...(requestId !== undefined && { requestId }) };
}

function retry({ code, message, requestId, retryAfterSeconds, mayStillHappen }: Failure): Retry {
  return {
    kind: "retry",
    code,
    reason: message,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(mayStillHappen && { mayStillHappen }),
  };
}

/**
 * Others are done in seconds, or their lease ends soon: a leaver must not wait for a quarter of an hour because of them.
 * Yet not so short that a dead worker's message, hidden for minutes, costs the ones behind it all of their receives.
 */
export const longestWaitForOthersSeconds = 60;

/** Another decision about the same person is under way. The worker that it waits for may be dead for good. */
export function personBusy(reason: string): Retry {
  return {
    kind: "retry",
    code: "PersonBusy",
    reason,
    atMostSeconds: longestWaitForOthersSeconds,
    receivesAreNumbered: true,
  };
}

/** @param answer the ledger's fault; `undefined` if it said nothing of the message */
export function ledgerUnavailable(answer: { reason: string } | undefined): Retry {
  const reason = answer?.reason ?? "the ledger gave no answer for the message";
  return { kind: "retry", code: "LedgerUnavailable", reason };
}

/**
 * Settlements in, one outcome per record in record order out. A record without a settlement is a fault of the
 * drain, and counts as failed: it comes again instead of being lost.
 */
export function inRecordOrder(recordCount: number, settlements: readonly MessageOutcome[]): Outcome[] {
  const outcomes = new Array<Outcome | undefined>(recordCount).fill(undefined);
  for (const { index, outcome } of settlements) outcomes[index] = outcome;
  return outcomes.map((outcome) => outcome ?? unsettled);
}

export const unsettled: Outcome = {
  kind: "retry",
  code: "Unsettled",
  reason: "the drain reached no outcome for the message; this is a defect, please report it",
  receivesAreNumbered: true,
};
