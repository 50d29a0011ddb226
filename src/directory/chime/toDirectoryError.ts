import { maskEmails } from "../../privacy/maskEmails.ts";
import { DirectoryError, type Failure } from "../failure.ts";
import { classifyCallFailure } from "./classifyChimeFailure.ts";

interface SdkErrorFields {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  $metadata?: { httpStatusCode?: number; requestId?: string };
  $response?: { headers?: Record<string, string> };
}

/**
 * The one place where an error of the Chime SDK becomes ours. Keeps the cause, the request id, the service's
 * own name for it and what that means for a retry.
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

/** A network fault tells what it is in `code` (ECONNRESET), and its `name` is "Error" or as vague. */
function describe({ name, code, message }: SdkErrorFields, status: number | undefined) {
  const known = status === undefined && typeof code === "string" ? code : name;
  return {
    code: typeof known === "string" ? known : "UnknownError",
    message: maskEmails(typeof message === "string" ? message : "the error has no message"),
  };
}

/** The SDK could not make sense of the body: what it throws then quotes the text, which may be personal. */
function isUnreadable(error: unknown, status: number | undefined): boolean {
  return status !== undefined && (error instanceof SyntaxError || error instanceof TypeError);
}

function unreadable(status: number | undefined) {
  const message = `expected an answer as the API documents it; got HTTP status ${status} with a body that cannot be read`;
  return { code: "UnreadableAnswer", message };
}
