import type { Intent } from "../pipelines.ts";
import type { Decision } from "../provisioning/decision.ts";
import type { PerformedCall } from "../provisioning/performCalls.ts";
import type { FinishedMessage } from "../queue/sqs/finishBatch.ts";
import type { WatchedRoster } from "../reconcile/watchRoster.ts";

/** The one line that an invocation writes to its log. */
export interface InvocationLog {
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
  settled: readonly FinishedMessage[],
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
    message: "drained",
    pipeline,
    records: settled.length,
    outcomes,
    calls,
    milliseconds,
  };
}

/** A message, what became of it, and what it said, if it could be read. */
export interface DescribedMessage extends FinishedMessage {
  decision: Pick<Decision, "eventId" | "correlationId"> | undefined;
}

/** One line for each message that did not go through; it names the message and the reason, and no person. */
export function describeFailures(pipeline: Intent | "okta", settled: readonly DescribedMessage[]) {
  return settled.flatMap(({ message, outcome, decision }) => {
    if (outcome.kind !== "retry" && outcome.kind !== "rejected") return [];
    const { kind, code, reason, requestId } = outcome;
    const { messageId, receiveCount } = message;
    const { eventId, correlationId } = decision ?? {};
    return [
      { message: kind, pipeline, messageId, receiveCount, eventId, correlationId, code, reason, requestId },
    ];
  });
}

/** One line for each leaver who keeps access because the policy says so, with its rule; it names no person either. */
export function describeExcludedLeavers(pipeline: Intent, settled: readonly DescribedMessage[]) {
  if (pipeline !== "offboard") return [];
  return settled.flatMap(({ message: { messageId }, outcome, decision }) => {
    if (outcome.kind !== "excluded") return [];
    const { eventId, correlationId } = decision ?? {};
    const { kind, rule } = outcome;
    return [{ message: kind, pipeline, messageId, eventId, correlationId, rule }];
  });
}

/** The one line about a look at the roster. It counts, and names accounts, but nobody. */
export function describeRoster(followed: WatchedRoster) {
  if (followed.kind === "rejected") {
    const { problems, asOf } = followed;
    return {
      message: "the roster cannot be believed, and nothing was published",
      problems,
      ...(asOf !== undefined && { asOf: new Date(asOf).toISOString() }),
    };
  }
  const { plan, publication } = followed;
  const { asOf, counts, directory, changes, findings, calls, held } = plan;
  return {
    message: "compared the roster with the directory",
    asOf: new Date(asOf).toISOString(),
    roster: counts,
    directory,
    changes: countKinds(changes),
    findings: countKinds(findings),
    calls,
    held,
    publication,
  };
}

function countKinds(entries: readonly { kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of entries) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
