import type { PerformedCall } from "../drain/performedCall.ts";
import type { Intent } from "../pipelines.ts";
import type { Settled } from "../queue/release.ts";

/** The one line that an invocation writes to its log. */
export interface InvocationLog {
  level: "info";
  message: "drained";
  pipeline: Intent;
  records: number;
  outcomes: Record<string, number>;
  /** Batch calls made and the users in them, by operation. */
  calls: Record<string, { calls: number; users: number }>;
  milliseconds: number;
}

export function describeInvocation(
  pipeline: Intent,
  settled: readonly Settled[],
  performed: readonly PerformedCall[],
  milliseconds: number,
): InvocationLog {
  const outcomes: InvocationLog["outcomes"] = {};
  for (const { outcome } of settled) outcomes[outcome.kind] = (outcomes[outcome.kind] ?? 0) + 1;
  const calls: InvocationLog["calls"] = {};
  for (const { call } of performed.filter(({ started }) => started)) {
    const sum = calls[call.operation] ?? { calls: 0, users: 0 };
    calls[call.operation] = { calls: sum.calls + 1, users: sum.users + call.entries.length };
  }
  return {
    level: "info",
    message: "drained",
    pipeline,
    records: settled.length,
    outcomes,
    calls,
    milliseconds,
  };
}

/** One line for each message that did not go through; it names the message and the reason, and no person. */
export function describeFailures(pipeline: Intent, settled: readonly Settled[]) {
  return settled.flatMap(({ message, outcome }) => {
    if (outcome.kind !== "retry" && outcome.kind !== "rejected") return [];
    const { kind, code, reason, requestId } = outcome;
    const { messageId, receiveCount } = message;
    return [{ level: "warn", message: kind, pipeline, messageId, receiveCount, code, reason, requestId }];
  });
}

/** The line for a batch that failed as a whole, by a defect or for want of time: all of its messages come again. */
export function describeCrash(pipeline: Intent, error: unknown) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { level: "error", message: "the batch failed as a whole and comes again", pipeline, error: text };
}
