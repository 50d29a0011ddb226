import type { PutFailureClass } from "./eventBus.ts";

/**
 * Entry codes that the API reference lists as not retryable. All others are worth a bounded number of tries:
 * those that it lists as retryable, and those that it does not list.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const permanentEntryCodes = new Set([
  "AccessDeniedException",
  "InvalidAccountIdException",
  "InvalidArgument",
  "MalformedDetail",
  "NotAuthorizedForDetailTypeException",
  "NotAuthorizedForSourceException",
  "RedactionFailure",
]);

export function classifyEntryCode(code: string): PutFailureClass {
  return permanentEntryCodes.has(code) ? "entry" : "transient";
}

/**
 * Names before statuses, because AWS's JSON protocols answer 400 to a throttle, to an expired token and to a
 * bus that does not exist alike. No status means that no answer came.
 */
export function classifyCallFailure(name: string, status: number | undefined): PutFailureClass {
  if (/Throttl|TooManyRequests|RequestLimitExceeded|InternalException/.test(name)) return "transient";
  if (/Token|Credential|Signature|Unrecognized|AccessDenied|OptInRequired|ResourceNotFound/.test(name)) {
    return "bus";
  }
  if (status === undefined || status >= 500 || status === 408 || status === 429) return "transient";
  if (status === 401 || status === 403 || status === 404) return "bus";
  return status < 400 ? "transient" : "entry";
}
