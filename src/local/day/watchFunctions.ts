import * as z from "zod";
import { parseJson } from "../../events/parseJson.ts";
import type { Invocation } from "../lambda/invocation.ts";
import type { StackOptions } from "../stack/stack.ts";

export interface FunctionWatch extends Required<Pick<StackOptions, "onLog" | "onBatch">> {
  /** Aborted by the first failure, with an Error that tells it, or with the signal that was given. */
  signal: AbortSignal;
}

const errorEntry = z.object({ level: z.enum(["ERROR", "CRITICAL"]) });

/**
 * Watches for functions that fail. Nothing goes wrong by itself on the embedded stack, so that is a defect or a package
 * that cannot be loaded; its messages would come again after many minutes only, and most likely fail again.
 */
export function watchFunctions(signal?: AbortSignal): FunctionWatch {
  const failure = new AbortController();
  const fail = (functionName: string, what: string) =>
    failure.abort(new Error(`The function ${functionName} ${what}`));
  return {
    signal: signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]),
    onLog: ({ functionName, line }) => {
      if (errorEntry.safeParse(parseJson(line)).success) fail(functionName, `reported an error: ${line}`);
    },
    onBatch: ({ functionName, invocation, reason }) => {
      if (invocation.kind !== "response") fail(functionName, howItFailed(invocation));
      else if (reason !== "succeeded" && reason !== "partial")
        fail(functionName, `gave an answer that Lambda does not take (${reason}): ${invocation.payload}`);
    },
  };
}

function howItFailed(invocation: Exclude<Invocation, { kind: "response" }>): string {
  switch (invocation.kind) {
    case "error":
      return `failed with ${invocation.errorType}: ${invocation.errorMessage}`;
    case "timeout":
      return "ran into its timeout";
    case "crashed":
      return `crashed: its process ended with ${invocation.signal ?? `exit code ${invocation.code}`}`;
  }
}
