import type { FailureClass } from "../failure.ts";

/**
 * What each code of a `UserErrors` entry means for a retry. AWS lists the codes and gives no guidance; this
 * is the project's reading. A code that is not in the table is `unknown`.
 */
const classOfUserErrorCode = new Map<string, FailureClass>(
  Object.entries({
    Throttled: "throttled",
    Throttling: "throttled",
    ServiceUnavailable: "transient",
    ServiceFailure: "transient",
    Conflict: "contended",
    PreconditionFailed: "contended",
    ResourceLimitExceeded: "contended",
    Unauthorized: "configuration",
    BadRequest: "permanent",
    NotFound: "noSuchUser",
    Forbidden: "permanent",
    AccessDenied: "permanent",
    Unprocessable: "permanent",
    PhoneNumberAssociationsExist: "permanent",
    VoiceConnectorGroupAssociationsExist: "permanent",
  } as const),
);

/** What the HTTP status of a failed call means for the call as a whole. */
const classOfStatus = new Map<number, FailureClass>([
  [400, "invalidCall"],
  [401, "configuration"],
  [403, "configuration"],
  [404, "configuration"],
  [409, "contended"],
  [422, "invalidCall"],
  [429, "throttled"],
]);

export function classifyUserErrorCode(code: string | undefined): FailureClass {
  return classOfUserErrorCode.get(code ?? "") ?? "unknown";
}

/**
 * Names before statuses only where a status alone would mislead: a throttle has been seen as a 400. Without a
 * status no answer came, and the name is the client's.
 */
export function classifyCallFailure(name: string, status: number | undefined): FailureClass {
  if (/^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown)/.test(name)) return "throttled";
  if (name.startsWith("ResourceLimitExceeded")) return "contended";
  if (status === undefined) return classifyNoAnswer(name);
  if (status >= 500) return "transient";
  return classOfStatus.get(status) ?? "unknown";
}

/** A POSIX code such as ECONNRESET is the network's; Node's own codes (`ERR_…`) speak of mistakes in a program. */
function classifyNoAnswer(name: string): FailureClass {
  if (name === "CredentialsProviderError") return "configuration";
  return /^(AbortError|TimeoutError|E(?!RR_)[A-Z_]+)$/.test(name) ? "transient" : "unknown";
}
