/**
 * The result of one invocation.
 *
 * - `response`: the handler returned; `payload` is its JSON text, `"null"` if it returned nothing.
 * - `error`: the handler threw or could not be loaded, or a payload exceeded 6 MB.
 * - `timeout`: the time was up; the process was killed with SIGKILL, as Lambda does. `limit` says which time: that to load the
 *   function, or that of the invocation.
 * - `crashed`: the process ended by itself or by a signal from outside.
 */
export type Invocation =
  | { kind: "response"; payload: string; durationMilliseconds: number }
  | { kind: "error"; errorType: string; errorMessage: string; stack?: string | undefined }
  | { kind: "timeout"; limit: "load" | "invocation"; seconds: number }
  | { kind: "crashed"; code: number | null; signal: NodeJS.Signals | null };

/** One line of a function's output. `requestId` is that of the latest invocation; absent while the function loads. */
export interface LogLine {
  functionName: string;
  requestId?: string;
  stream: "stdout" | "stderr";
  line: string;
}

/** The largest synchronous request, 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maximumRequestBytes = 6_291_456;

/** Lambda's own message names this number, which is 100 bytes more than 6 MB. */
const maximumResponseBytes = 6_291_556;

type Refusal = Extract<Invocation, { kind: "error" }>;

/** Returns Lambda's error for a request that is too large, or undefined if it fits. */
export function refuseLargeRequest(payload: string): Refusal | undefined {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= maximumRequestBytes) return undefined;
  return {
    kind: "error",
    errorType: "RequestTooLargeException",
    errorMessage: `Request must be smaller than ${maximumRequestBytes} bytes for the InvokeFunction operation; this one has ${bytes}. Send fewer or smaller records.`,
  };
}

/** Returns the error that replaces a response that is too large, or undefined if it fits. */
export function refuseLargeResponse(payload: string): Refusal | undefined {
  if (Buffer.byteLength(payload) <= maximumResponseBytes) return undefined;
  return {
    kind: "error",
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${maximumResponseBytes} bytes).`,
  };
}
