import type { Invite } from "@aws-sdk/client-chime";
import { maskEmails } from "../../privacy/masking.ts";
import { DirectoryError, type Failure, type FailureClass } from "../directory.ts";

interface SdkErrorFields {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  $metadata?: { httpStatusCode?: number; requestId?: string };
  $response?: { headers?: Record<string, string> };
}

/**
 * Translates an error of the Chime SDK into a `DirectoryError`. It keeps the cause, the request id, the service's own code, and
 * the class that decides on a retry.
 */
export function toDirectoryError(error: unknown): DirectoryError {
  if (error instanceof DirectoryError) return error;
  const fields: SdkErrorFields = error instanceof Error ? error : { message: String(error) };
  const status = fields.$metadata?.httpStatusCode;
  const requestId = fields.$metadata?.requestId;
  const retryAfterSeconds = Number(fields.$response?.headers?.["retry-after"]);
  const { code, message } = isUnreadable(error, status) ? unreadable(status) : describe(fields, status);
  const failure: Failure = {
    class: classifyCallFailure(code, status),
    code,
    message,
    ...(status === undefined && { mayStillHappen: true }),
    ...(requestId !== undefined && { requestId }),
    ...(Number.isFinite(retryAfterSeconds) && { retryAfterSeconds }),
  };
  return new DirectoryError(failure, { cause: error });
}

/** A network fault has its code in `code` (ECONNRESET), and its `name` is "Error" or as vague. */
function describe({ name, code, message }: SdkErrorFields, status: number | undefined) {
  const known = status === undefined && typeof code === "string" ? code : name;
  return {
    code: typeof known === "string" ? known : "UnknownError",
    message: maskEmails(typeof message === "string" ? message : "the error has no message"),
  };
}

/** The SDK could not parse the body: its error then quotes the text, which may be personal. */
function isUnreadable(error: unknown, status: number | undefined): boolean {
  return status !== undefined && (error instanceof SyntaxError || error instanceof TypeError);
}

function unreadable(status: number | undefined) {
  const message = `expected an answer as the API documents it; got HTTP status ${status} with a body that cannot be read`;
  return { code: "UnreadableAnswer", message };
}

// The class of each error code of Chime. AWS lists the codes and gives no guidance; the classes are the project's own.
// A code that is in no table is `unknown`: never a success, tried a few times, then a dead letter.

/** The code of a `UserErrors` entry: one user of a call that went through. */
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
    NotFound: "noSuchUser",
    BadRequest: "permanent",
    Forbidden: "permanent",
    AccessDenied: "permanent",
    Unprocessable: "permanent",
    PhoneNumberAssociationsExist: "permanent",
    VoiceConnectorGroupAssociationsExist: "permanent",
  } as const),
);

/** The name of a call's exception, without `Exception` or `ClientException` at its end. Goes before the status. */
const classOfException = new Map<string, FailureClass>(
  Object.entries({
    Throttled: "throttled",
    Throttling: "throttled",
    TooManyRequests: "throttled",
    RequestLimitExceeded: "throttled",
    SlowDown: "throttled",
    ServiceUnavailable: "transient",
    ServiceFailure: "transient",
    InternalFailure: "transient",
    Conflict: "contended",
    ResourceLimitExceeded: "contended",
    Unauthorized: "configuration",
    UnrecognizedClient: "configuration",
    ExpiredToken: "configuration",
    CredentialsProviderError: "configuration",
    Forbidden: "configuration",
    AccessDenied: "configuration",
    NotFound: "configuration",
    BadRequest: "invalidCall",
    Validation: "invalidCall",
    UnprocessableEntity: "invalidCall",
    AbortError: "transient",
    TimeoutError: "transient",
  } as const),
);

/** The HTTP status of a failed call whose name says nothing. */
const classOfStatus = new Map<number, FailureClass>([
  [400, "invalidCall"],
  [401, "configuration"],
  [403, "configuration"],
  [404, "configuration"],
  [409, "contended"],
  [422, "invalidCall"],
  [429, "throttled"],
]);

/** `Status` and `EmailStatus` of an invitation. A failed one carries no reason, so it is tried a few times. */
const faultOfInvite = {
  Failed: { code: "InviteFailed", message: "the invitation failed; the service gives no reason" },
  NotSent: { code: "InviteNotSent", message: "the invitation was recorded but its e-mail was not sent" },
} as const;

export function classifyUserErrorCode(code: string | undefined): FailureClass {
  return classOfUserErrorCode.get(code ?? "") ?? "unknown";
}

/** Without a status no answer came, and the name comes from the client or the network. */
function classifyCallFailure(name: string, status: number | undefined): FailureClass {
  const named = classOfException.get(name.replace(/(Client)?Exception$/, ""));
  if (named !== undefined) return named;
  if (status === undefined) return isNetworkFault(name) ? "transient" : "unknown";
  return status >= 500 ? "transient" : (classOfStatus.get(status) ?? "unknown");
}

/**
 * The class of a failed call about one user, if the failure is the user's own; else `undefined`. The account has just suspended
 * somebody, so a 404 means the user.
 */
export function classifyUserRefusal(
  { class: ofCall }: Failure,
  status: number | undefined,
): FailureClass | undefined {
  if (ofCall === "invalidCall") return "permanent";
  return ofCall === "configuration" && status === 404 ? "noSuchUser" : undefined;
}

/** A POSIX code such as ECONNRESET is the network's; Node's own codes (`ERR_…`) speak of mistakes in a program. */
function isNetworkFault(name: string): boolean {
  return /^E(?!RR_)[A-Z_]+$/.test(name);
}

/** Finds what is wrong with an invitation; `undefined` if it went out, or was accepted already. */
export function faultOfInvitation({ Status, EmailStatus }: Invite) {
  if (Status === "Failed" || EmailStatus === "Failed") return faultOfInvite.Failed;
  return Status === "Accepted" || EmailStatus === "Sent" ? undefined : faultOfInvite.NotSent;
}
