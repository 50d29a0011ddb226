import type { WatchedCall } from "../directory/watchCalls.ts";
import type { Decision } from "../provisioning/decision.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import { ambiguousCode, type OutcomeKind } from "../provisioning/outcome.ts";
import type { RosterPlan } from "../reconcile/planRoster.ts";
import type { Finding } from "../reconcile/rosterChange.ts";
import type { Publication, WatchedRoster } from "../reconcile/watchRoster.ts";
import type { AccountSafeguard } from "../safeguard/safeguardState.ts";
import type { Measurement, MetricName } from "./metricTable.ts";

/** What is measured of a message. */
export interface MeasuredMessage {
  /** The outcome's. */
  kind: OutcomeKind;
  code?: string;
  /** When the message was first received. Milliseconds since the epoch. */
  receivedAt: number;
  /** Absent if the message could not be read. Times in milliseconds since the epoch. */
  decision: Pick<Decision, "accountId" | "occurredAt" | "effectiveAt" | "undoes"> | undefined;
}

export interface MeasuredBatch {
  messages: readonly MeasuredMessage[];
  calls: readonly WatchedCall[];
  /** Milliseconds since the epoch. */
  now: number;
}

/** Measures a processed batch, by account where one is known. */
export function measureBatch({ messages, calls, now }: MeasuredBatch): Measurement[] {
  const byAccount = groupBy(messages, ({ decision }) => decision?.accountId);
  return [
    { name: "BatchesFailed", values: [0], dimensions: {} },
    ...[...byAccount].flatMap(([account, ofAccount]) => measureAccount(account, ofAccount, now)),
    ...measureCalls(calls),
  ];
}

/** Measures an invocation that failed as a whole: nothing else is known of it. */
export const failedBatch: Measurement = { name: "BatchesFailed", values: [1], dimensions: {} };

function measureAccount(
  account: string | undefined,
  messages: readonly MeasuredMessage[],
  now: number,
): Measurement[] {
  const dimensions = account === undefined ? {} : { account };
  const counts = [...groupBy(messages, ({ kind }) => kind)].map(
    ([kind, ofKind]): Measurement => ({ name: metricOfOutcome[kind], values: [ofKind.length], dimensions }),
  );
  const applied = messages.flatMap(({ kind, decision }) =>
    kind === "applied" && decision !== undefined ? [secondsSince(dueAt(decision), now)] : [],
  );
  // Since the first receive, not since it was due: a decision that waited in the ledger for days is not late at its first retry.
  const retried = messages.flatMap(({ kind, receivedAt }) =>
    kind === "retry" ? [secondsSince(receivedAt, now)] : [],
  );
  const ambiguous = messages.filter(({ code }) => code === ambiguousCode).length;
  const ahead = messages.filter(({ code }) => code === "fromTheFuture").length;
  return [
    ...counts,
    ...(ahead > 0 ? [{ name: "FromTheFuture" as const, values: [ahead], dimensions }] : []),
    ...(ambiguous > 0 ? [{ name: "PersonAmbiguous" as const, values: [ambiguous], dimensions }] : []),
    ...(applied.length > 0 ? [{ name: "EventToAppliedSeconds" as const, values: applied, dimensions }] : []),
    ...(retried.length > 0
      ? [{ name: "OldestUnsettledSeconds" as const, values: [largest(retried)], dimensions }]
      : []),
  ];
}

/** The metric that counts messages of an outcome. */
const metricOfOutcome = {
  applied: "Applied",
  unchanged: "Unchanged",
  superseded: "Superseded",
  deferred: "Deferred",
  excluded: "Excluded",
  held: "Held",
  observed: "Observed",
  rejected: "Rejected",
  retry: "Retried",
} as const satisfies Record<OutcomeKind, MetricName>;

/** What undoes another decision has that one's times, and is due when an operator undoes it. */
function dueAt({
  occurredAt,
  effectiveAt,
  undoes,
}: Pick<Decision, "occurredAt" | "effectiveAt" | "undoes">): number {
  return undoes?.at ?? Math.max(occurredAt, effectiveAt);
}

/** In tenths. A sender's clock may be ahead of ours: a negative value would hide what others add. */
function secondsSince(then: number, now: number): number {
  return Math.max(0, Math.round((now - then) / 100) / 10);
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}

/** Measures calls by account and operation: how many there were, how full they were, and how many were refused. */
function measureCalls(calls: readonly WatchedCall[]): Measurement[] {
  const byOperation = groupBy(calls, ({ accountId, operation }) => JSON.stringify([accountId, operation]));
  return [...byOperation.values()].flatMap(measureOperation);
}

function measureOperation(calls: readonly WatchedCall[]): Measurement[] {
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
  const notApplied = calls.reduce((sum, call) => sum + (call.notApplied ?? 0), 0);
  if (notApplied > 0) measurements.push({ name: "NotApplied", values: [notApplied], dimensions });
  return measurements;
}

/**
 * Measures each account's latch as a gauge, 1 for closed and 0 for open, so that its alarm lasts as long as the latch.
 * Where no account has a safeguard yet, one 0 is written for the whole stack, so that the alarm has data.
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

/** Measures the pauses as a gauge, so that their alarm lasts as long as they do. */
export function measurePauses(pauses: readonly unknown[]): Measurement[] {
  return [measure("PausesInForce", pauses.length)];
}

/** Measures a webhook request: whether one was rejected that may have been its vendor's own. */
export function measureRejectedRequest(isRejected: boolean): Measurement {
  return { name: "WebhooksRefused", values: [isRejected ? 1 : 0], dimensions: {} };
}

/** Measures that a source was heard. */
export function measureSource(source: string): Measurement {
  return { name: "SourceHeard", values: [1], dimensions: { source } };
}

/** Measures the events of an invocation that takes them in from webhooks or from Okta. */
export function measureInboundEvents(published: number, notPublished: number): Measurement[] {
  return [
    { name: "SourceEventsPublished", values: [published], dimensions: {} },
    { name: "SourceEventsNotPublished", values: [notPublished], dimensions: {} },
  ];
}

/** Measures a run over the roster. Every metric that can be known is written each time, so that its alarm has data. */
export function measureRoster(watched: MeasuredRoster, now: number): Measurement[] {
  const isBelieved = watched.kind === "compared";
  const asOf = isBelieved ? watched.plan.asOf : watched.asOf;
  return [
    measure("RosterNotBelieved", isBelieved ? 0 : 1),
    ...(asOf === undefined
      ? []
      : [measure("RosterAgeSeconds", Math.max(0, Math.round((now - asOf) / 1000)))]),
    ...(isBelieved ? measureComparison(watched) : []),
  ];
}

/** What is measured of a run over the roster. */
type MeasuredRoster = Pick<Extract<WatchedRoster, { kind: "rejected" }>, "kind" | "asOf"> | ComparedRoster;

interface ComparedRoster {
  kind: "compared";
  plan: Pick<RosterPlan, "asOf"> & {
    changes: readonly unknown[];
    findings: readonly Pick<Finding, "kind">[];
  };
  publication: Publication;
}

/** Findings that no event can fix: refused by the directory, waiting for registration, or a data conflict. */
const unsolvedKinds: readonly Finding["kind"][] = ["impossible", "conflict"];

/** Drift is every difference for which this run published no event. */
function measureComparison({ plan, publication }: ComparedRoster): Measurement[] {
  const changes = plan.changes.length;
  const unsolved = plan.findings.filter(({ kind }) => unsolvedKinds.includes(kind)).length;
  switch (publication.kind) {
    case "reportOnly":
    case "publishedBefore":
      return [
        measure("RosterDrift", changes),
        measure("RosterUnsolved", unsolved),
        measure("RosterEventsPublished", 0),
        measure("RosterEventsNotPublished", 0),
      ];
    case "published":
      return [
        measure("RosterDrift", 0),
        measure("RosterUnsolved", unsolved),
        measure("RosterEventsPublished", publication.accepted),
        measure("RosterEventsNotPublished", changes - publication.accepted),
      ];
  }
}

function measure(name: MetricName, value: number): Measurement {
  return { name, values: [value], dimensions: {} };
}
