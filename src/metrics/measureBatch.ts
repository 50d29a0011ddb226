import type { WatchedCall } from "../directory/watchCalls.ts";
import { groupBy } from "../drain/groupBy.ts";
import type { OutcomeKind } from "../drain/outcome.ts";
import { measureCalls } from "./measureCalls.ts";
import type { Measurement, MetricName } from "./metricTable.ts";

/** What counts a message, by how it ended; and what it says of the account, besides. */
const metricsOfOutcome = {
  applied: { count: "Applied" },
  unchanged: { count: "Unchanged" },
  superseded: { count: "Superseded" },
  deferred: { count: "Deferred" },
  excluded: { count: "Excluded" },
  held: { count: "Held", sign: "LatchClosed" },
  rejected: { count: "Rejected" },
  retry: { count: "Retried" },
} as const satisfies Record<OutcomeKind | "held", { count: MetricName; sign?: MetricName }>;

/** A message and how it ended, as far as it is measured. */
export interface MeasuredMessage {
  kind: keyof typeof metricsOfOutcome;
  /** When the queue first handed the message out. ISO 8601. */
  receivedAt: string;
  /** Absent if the message could not be read. Times in milliseconds since the epoch. */
  decision: { accountId?: string; occurredAt: number; effectiveAt: number } | undefined;
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
  const counts = [...groupBy(messages, ({ kind }) => kind)].flatMap(([kind, alike]): Measurement[] => {
    const row: { count: MetricName; sign?: MetricName } = metricsOfOutcome[kind];
    const count = { name: row.count, values: [alike.length], dimensions };
    return row.sign === undefined ? [count] : [count, { name: row.sign, values: [1], dimensions }];
  });
  const applied = secondsSinceDue(messages, "applied", now);
  const unsettled = secondsSinceDue(messages, "retry", now);
  return [
    ...counts,
    ...(applied.length > 0 ? [{ name: "EventToAppliedSeconds" as const, values: applied, dimensions }] : []),
    ...(unsettled.length > 0
      ? [{ name: "OldestUnsettledSeconds" as const, values: [largest(unsettled)], dimensions }]
      : []),
  ];
}

/** In tenths. A clock that is ahead of ours must not make a decision early: that would lower what others add up to. */
function secondsSinceDue(
  messages: readonly MeasuredMessage[],
  sought: MeasuredMessage["kind"],
  now: number,
): number[] {
  return messages.flatMap((message) =>
    message.kind === sought ? [Math.max(0, Math.round((now - dueAt(message)) / 100) / 10)] : [],
  );
}

/** When it should have been done; of what cannot be read only when it came is known. */
function dueAt({ decision, receivedAt }: MeasuredMessage): number {
  return decision === undefined
    ? Date.parse(receivedAt)
    : Math.max(decision.occurredAt, decision.effectiveAt);
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}
