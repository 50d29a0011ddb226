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
  const { name, code, message, $metadata, $response }: SdkErrorFields = error instanceof Error ? error : {};
  const status = $metadata?.httpStatusCode;
  // A network fault has its name in `code` (ECONNRESET) and only "Error" in `name`.
  const named =
    typeof name === "string" && name !== "Error" ? name : typeof code === "string" ? code : "UnknownError";
  const failure: Failure = {
    class: classifyCallFailure(named, isAnswer(status, error) ? status : undefined),
    code: named,
    message: maskEmails(typeof message === "string" ? message : String(error)),
  };
  if ($metadata?.requestId !== undefined) failure.requestId = $metadata.requestId;
  const retryAfterSeconds = Number($response?.headers?.["retry-after"]);
  if (Number.isFinite(retryAfterSeconds)) failure.retryAfterSeconds = retryAfterSeconds;
  return new DirectoryError(failure, { cause: error });
}

/** A 200 whose body could not be read is no answer: whether the call took effect is unknown. */
function isAnswer(status: number | undefined, error: unknown): boolean {
  return status !== undefined && (status >= 400 || !(error instanceof SyntaxError));
}
