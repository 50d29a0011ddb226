import type { Failure } from "../directory/directory.ts";
import type { Tie } from "../ledger/decisionOrder.ts";
import type { HeldRule } from "../ledger/pendingStore.ts";
import type { PersonDecisions, ScopedDecision } from "./decision.ts";

/** The outcome of one message. Every message ends in exactly one of these; all but `retry` acknowledge it. */
export type Outcome =
  /** `alsoAt`: the accounts of a leaver's further users who were suspended with the first. */
  | { kind: "applied"; requestId: string | undefined; alsoAt?: readonly string[] }
  /** Already so: a duplicate, or the directory stood like this before. */
  | { kind: "unchanged"; because: "duplicate" | "alreadySo" }
  /**
   * A newer decision about the same person and aspect exists; `by` is its event id. `tie`: what makes it the newer one, where HR made
   * both at one time.
   */
  | { kind: "superseded"; by: string; tie?: Tie }
  /** Waits: for its day, for the time at which HR says that it is decided, or for its user to exist. `until`: milliseconds since the epoch. */
  | { kind: "deferred"; because: "effectiveLater" | "fromTheFuture" | "notRegistered"; until: number }
  /** Stopped by the safeguard: waits until an operator releases it. */
  | { kind: "held"; rule: HeldRule }
  /** Decided in a trial and not carried out; `would` is the call, or the outcome without one. */
  | { kind: "observed"; would: string }
  /** Out of scope by policy; `rule` says which. */
  | { kind: "excluded"; rule: string; isLeaveOfAbsence?: true }
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
  /** The decision itself was carried out; a post-suspension action was not. */
  carriedOut?: true;
  /** What was thrown, for the log. */
  cause?: unknown;
}

export interface Retry {
  kind: "retry";
  code: string;
  reason: string;
  requestId?: string;
  /** When the service said when to come back. */
  retryAfterSeconds?: number;
  /** When a retry is in vain before somebody has repaired something. */
  atLeastSeconds?: number;
  /** When a longer wait would not help. */
  atMostSeconds?: number;
  /** No answer came, so the call may still be under way at the service. */
  mayStillHappen?: true;
  /**
   * The change itself was made, and something that follows from it was not. So no older decision may come in between before the
   * message comes again.
   */
  carriedOut?: true;
  /** The message keeps its receive count: after too many receives SQS itself moves it to the dead-letter queue. */
  receivesAreNumbered?: true;
  /** The wait says nothing about the message: it goes back to its queue as a new one each time, so that it uses up no receive. */
  renewEachTime?: true;
  /** A fresh copy is in the queue, so this message may be deleted. */
  renewed?: true;
  /** What was thrown, for the log. */
  cause?: unknown;
}

export type OutcomeKind = Outcome["kind"];

/** The code of an event that is older than the policy lets it be. */
export const tooOldCode = "Stale";

/** Of a copy of what came to its end before. */
export const duplicate: Outcome = { kind: "unchanged", because: "duplicate" };

/** Whether the directory is as the decision says. */
export function isCarriedOut(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "applied":
      return true;
    case "unchanged":
      return outcome.because === "alreadySo";
    case "rejected":
      return outcome.carriedOut === true;
    default:
      return false;
  }
}

/** The outcome of the message at `index` of the batch. */
export interface MessageOutcome {
  index: number;
  outcome: Outcome;
}

/** The result for one group: the outcome of its newest decision. */
export interface PersonResult {
  group: PersonDecisions<ScopedDecision>;
  outcome: Outcome;
}

/**
 * A failure whose cause the service does not tell may be lasting. After so many receives the message goes to the dead-letter
 * queue, with all that is known, instead of being retried for ever.
 */
const receivesBeforeGivingUp = 6;

/** Credentials, permissions and accounts are repaired by people. Not much longer, or a leaver would wait for nothing. */
export const untilRepairedSeconds = 300;

/** Translates a failure of the directory into the outcome of a message. */
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
      return { ...retry(failure), atLeastSeconds: untilRepairedSeconds };
  }
}

/** Giving up ends the claim: a call that may still happen could then take effect after a newer decision. */
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
 * Another worker is done in seconds, or its lease ends soon, so a leaver must not wait for a quarter of an hour. A shorter wait
 * would let a dead worker's message, hidden for minutes, cost the messages behind it all of their receives.
 */
export const longestWaitForOthersSeconds = 60;

/** Another decision about the same person is being carried out. Its worker may be dead for good. */
export function personBusy(reason: string): Retry {
  return {
    kind: "retry",
    code: "PersonBusy",
    reason,
    atMostSeconds: longestWaitForOthersSeconds,
    receivesAreNumbered: true,
  };
}

/** @param answer the ledger's fault; `undefined` if it gave no answer for the message */
export function ledgerUnavailable(answer: { reason: string; cause?: unknown } | undefined): Retry {
  const reason = answer?.reason ?? "the ledger gave no answer for the message";
  const cause = answer?.cause;
  return { kind: "retry", code: "LedgerUnavailable", reason, ...(cause !== undefined && { cause }) };
}

/** The code of what was thrown and not expected: nothing is known to be wrong with the event. */
export const defectCode = "Defect";

/**
 * Puts outcomes into record order. A record without an outcome is a defect and counts as failed: it comes again instead of
 * being lost.
 */
export function inRecordOrder(recordCount: number, messageOutcomes: readonly MessageOutcome[]): Outcome[] {
  const outcomes = new Array<Outcome | undefined>(recordCount).fill(undefined);
  for (const { index, outcome } of messageOutcomes) outcomes[index] = outcome;
  return outcomes.map((outcome) => outcome ?? withoutOutcome);
}

export const withoutOutcome: Outcome = {
  kind: "retry",
  code: "Unsettled",
  reason: "the batch ended without an outcome for the message; this is a defect, please report it",
  receivesAreNumbered: true,
};

/** The code of a decision under an id that two people may share. It has an alarm of its own. */
export const ambiguousCode = "PersonAmbiguous";

/** The outcome of a decision of which nobody can tell whom it is about. */
export function personAmbiguous({ receiveCount }: { receiveCount: number }): Rejected {
  const begun = receiveCount > 1 ? ". An earlier try may have made the change already: look at the user" : "";
  return {
    kind: "rejected",
    code: ambiguousCode,
    reason: `another decision under the same personId is about another address, and neither names the other's in previousEmails: two people may share the id. If it is one person, send it again with the earlier address in previousEmails; if it is not, mend the ids in HR, or set personIds.namespaces in the policy${begun}`,
  };
}
