import type { WatchedCall } from "../directory/watchCalls.ts";
import type { Decision } from "../provisioning/decision.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { OutcomeKind } from "../provisioning/outcome.ts";
import type { RosterPlan } from "../reconcile/planRoster.ts";
import type { Finding } from "../reconcile/rosterChange.ts";
import type { Publication, WatchedRoster } from "../reconcile/watchRoster.ts";
import type { AccountSafeguard } from "../safeguard/safeguardState.ts";
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

/** Calls in, what they say out: how many there were, how full they were, and how many were refused. */
function measureCalls(calls: readonly WatchedCall[]): Measurement[] {
  const alike = groupBy(calls, ({ accountId, operation }) => JSON.stringify([accountId, operation]));
  return [...alike.values()].flatMap(measureAlike);
}

/** Calls of one account and operation. */
function measureAlike(calls: readonly WatchedCall[]): Measurement[] {
  const [first] = calls;
  if (first === undefined) return [];
  const dimensions = { account: first.accountId, operation: first.operation };
  const users = calls.flatMap((call) => (call.users === undefined ? [] : [call.users]));
  const refused = calls.filter((call) => call.refused).length;
  const measurements: Measurement[] = [{ name: "Calls", values: [calls.length], dimensions }];
  if (users.length > 0) {
    const sum = users.reduce((a, b) => a + b, 0);
    measurements.push({ name: "Users", values: [sum], dimensions });
    measurements.push({ name: "UsersPerCall", values: users, dimensions });
  }
  if (refused > 0) measurements.push({ name: "ConfigurationRefused", values: [refused], dimensions });
  return measurements;
}

/**
 * 1 for each account whose latch is closed and 0 for the others: a gauge, so that its alarm lasts as long as the latch.
 * Where no account has a safeguard yet the whole is told, so that the alarm knows that all is well.
 */
export function measureLatches(accounts: readonly AccountSafeguard[]): Measurement[] {
  const name = "LatchClosed";
  if (accounts.length === 0) return [{ name, values: [0], dimensions: {} }];
  return accounts.map(({ accountId, state }) => ({
    name,
    values: [state.latch === undefined ? 0 : 1],
    dimensions: { account: accountId },
  }));
}

/** Whether a webhook's call was refused that may have been its vendor's. */
export function measureRefused(isRefused: boolean): Measurement {
  return { name: "WebhooksRefused", values: [isRefused ? 1 : 0], dimensions: {} };
}

/** What became of the events that an invocation was told of from outside. */
export function measureInboundEvents(published: number, notPublished: number): Measurement[] {
  return [
    { name: "SourceEventsPublished", values: [published], dimensions: {} },
    { name: "SourceEventsNotPublished", values: [notPublished], dimensions: {} },
  ];
}

/** What a look at the roster came to, as far as it is measured. */
type MeasuredRoster = Pick<Extract<WatchedRoster, { kind: "rejected" }>, "kind" | "asOf"> | ComparedRoster;

interface ComparedRoster {
  kind: "compared";
  plan: Pick<RosterPlan, "asOf"> & {
    changes: readonly unknown[];
    findings: readonly Pick<Finding, "kind">[];
  };
  publication: Publication;
}

/** What a look at the roster came to, as values; all of them each time, so that their alarms know when all is well. */
export function measureRoster(followed: MeasuredRoster, now: number): Measurement[] {
  const isBelieved = followed.kind === "compared";
  const asOf = isBelieved ? followed.plan.asOf : followed.asOf;
  return [
    measure("RosterNotBelieved", isBelieved ? 0 : 1),
    ...(asOf === undefined
      ? []
      : [measure("RosterAgeSeconds", Math.max(0, Math.round((now - asOf) / 1000)))]),
    ...(isBelieved ? measureComparison(followed) : []),
  ];
}

/** Of whom an event would be rejected, or wait for somebody, or be about the wrong one. */
const unsolved: readonly Finding["kind"][] = ["impossible", "conflict"];

/** Drift is what the directory has otherwise and this run did not set about to change. */
function measureComparison({ plan, publication }: ComparedRoster): Measurement[] {
  const changes = plan.changes.length;
  const left = plan.findings.filter(({ kind }) => unsolved.includes(kind)).length;
  switch (publication.kind) {
    case "reportOnly":
    case "publishedBefore":
      return [
        measure("RosterDrift", changes),
        measure("RosterUnsolved", left),
        measure("RosterEventsPublished", 0),
        measure("RosterEventsNotPublished", 0),
      ];
    case "published":
      return [
        measure("RosterDrift", 0),
        measure("RosterUnsolved", left),
        measure("RosterEventsPublished", publication.accepted),
        measure("RosterEventsNotPublished", changes - publication.accepted),
      ];
  }
}

function measure(name: MetricName, value: number): Measurement {
  return { name, values: [value], dimensions: {} };
}
