import type { WatchedCall } from "../directory/watchCalls.ts";
import type { Decision } from "../drain/decision.ts";
import { groupBy } from "../drain/groupBy.ts";
import type { OutcomeKind } from "../drain/outcome.ts";
import { measureCalls } from "./measureCalls.ts";
import type { Measurement, MetricName } from "./metricTable.ts";

/** What counts a message, by how it ended. */
const metricOfOutcome = {
  applied: "Applied",
  unchanged: "Unchanged",
  superseded: "Superseded",
  deferred: "Deferred",
  excluded: "Excluded",
  held: "Held",
  rejected: "Rejected",
  retry: "Retried",
} as const satisfies Record<OutcomeKind, MetricName>;

/** A message and how it ended, as far as it is measured. */
export interface MeasuredMessage {
  kind: OutcomeKind;
  /** When the queue first handed the message out. Milliseconds since the epoch. */
  receivedAt: number;
  /** Absent if the message could not be read. Times in milliseconds since the epoch. */
  decision: Pick<Decision, "accountId" | "occurredAt" | "effectiveAt"> | undefined;
}

export interface MeasuredBatch {
  messages: readonly MeasuredMessage[];
  calls: readonly WatchedCall[];
  /** Milliseconds since the epoch. */
  now: number;
}

/** A drained batch in, what it says about the service out: by account where one is known. */
export function measureBatch({ messages, calls, now }: MeasuredBatch): Measurement[] {
  const byAccount = groupBy(messages, ({ decision }) => decision?.accountId);
  return [
    { name: "BatchesFailed", values: [0], dimensions: {} },
    ...[...byAccount].flatMap(([account, ofAccount]) => measureAccount(account, ofAccount, now)),
    ...measureCalls(calls),
  ];
}

/** The invocation failed as a whole: nothing else is known of it. */
export const failedBatch: Measurement = { name: "BatchesFailed", values: [1], dimensions: {} };

function measureAccount(
  account: string | undefined,
  messages: readonly MeasuredMessage[],
  now: number,
): Measurement[] {
  const dimensions = account === undefined ? {} : { account };
  const counts = [...groupBy(messages, ({ kind }) => kind)].map(
    ([kind, alike]): Measurement => ({ name: metricOfOutcome[kind], values: [alike.length], dimensions }),
  );
  const applied = messages.flatMap(({ kind, decision }) =>
    kind === "applied" && decision !== undefined ? [secondsSince(dueAt(decision), now)] : [],
  );
  // Not since it was due: what waited in the ledger for days, or came late, is not in trouble at its first retry.
  const unsettled = messages.flatMap(({ kind, receivedAt }) =>
    kind === "retry" ? [secondsSince(receivedAt, now)] : [],
  );
  return [
    ...counts,
    ...(applied.length > 0 ? [{ name: "EventToAppliedSeconds" as const, values: applied, dimensions }] : []),
    ...(unsettled.length > 0
      ? [{ name: "OldestUnsettledSeconds" as const, values: [largest(unsettled)], dimensions }]
      : []),
  ];
}

function dueAt({ occurredAt, effectiveAt }: Pick<Decision, "occurredAt" | "effectiveAt">): number {
  return Math.max(occurredAt, effectiveAt);
}

/** In tenths. A clock that is ahead of ours must not make it negative: that would hide what others add. */
function secondsSince(then: number, now: number): number {
  return Math.max(0, Math.round((now - then) / 100) / 10);
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}
