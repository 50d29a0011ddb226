/**
 * What became of one invocation.
 *
 * - `response`: the handler returned; `payload` is its JSON text, `"null"` for a handler that returned nothing.
 * - `error`: the handler threw, could not be loaded, or a payload was over the 6 MB limit.
 * - `timeout`: the time was up; the process was killed with SIGKILL, as Lambda does.
 * - `crashed`: the process ended by itself or by a signal from outside.
 */
export type Invocation =
  | { kind: "response"; payload: string; durationMilliseconds: number }
  | { kind: "error"; errorType: string; errorMessage: string; stack?: string | undefined }
  | { kind: "timeout" }
  | { kind: "crashed"; code: number | null; signal: NodeJS.Signals | null };

/** One line that a function printed. `requestId` is that of the last invocation; absent while it loads. */
export interface LogLine {
  functionName: string;
  requestId?: string;
  stream: "stdout" | "stderr";
  line: string;
}
