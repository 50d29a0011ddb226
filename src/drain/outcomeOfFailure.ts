import type { Failure } from "../directory/failure.ts";
import type { Outcome, Retry } from "./outcome.ts";

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
