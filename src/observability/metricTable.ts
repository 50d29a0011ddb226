/** Every metric that the functions write, with its unit. Alarms and the dashboard take their names from here. */
export const metricUnits = {
  // The outcomes of messages.
  Applied: "Count",
  Unchanged: "Count",
  Superseded: "Count",
  Deferred: "Count",
  Excluded: "Count",
  Held: "Count",
  Observed: "Count",
  Rejected: "Count",
  Retried: "Count",
  /** Those of the deferred ones that HR says are decided only later: its clock is ahead. */
  FromTheFuture: "Count",
  /** Those of the rejected ones under whose person's id another decision is about another address. */
  PersonAmbiguous: "Count",
  /** 1 while an account's safeguard holds suspensions (its latch is closed), else 0. Written every minute. */
  LatchClosed: "Count",
  /** How many pauses are in force: what an operator has stopped. Written every minute. */
  PausesInForce: "Count",
  /** The time from when a decision took effect until the directory had it: one value for each that was applied. */
  EventToAppliedSeconds: "Seconds",
  /**
   * The time since the oldest message that is being retried was first received. SQS's own ApproximateAgeOfOldestMessage leaves
   * out messages that were received three times or more, so it goes blind in an outage, when it is needed.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  OldestUnsettledSeconds: "Seconds",
  // Calls of the directory, and the users that the batch calls carried.
  Calls: "Count",
  Users: "Count",
  UsersPerCall: "Count",
  /** Calls that failed because of credentials, permissions or the account itself. No user is at fault, and all of them wait. */
  ConfigurationRefused: "Count",
  /** Changes that a directory said it had made, and had not: leavers among these people keep their access. */
  NotApplied: "Count",
  /** 1 for an invocation that failed as a whole, else 0. It reports all messages as failed, so Lambda's `Errors` misses it. */
  BatchesFailed: "Count",
  // Waiting decisions that are due.
  DuePublished: "Count",
  DueNotPublished: "Count",
  // Events that came from webhooks and from Okta.
  SourceEventsPublished: "Count",
  SourceEventsNotPublished: "Count",
  /** 1 for a webhook with the vendor's signature, whatever it says: by `source`, for those that the policy watches. */
  SourceHeard: "Count",
  /** Webhook requests rejected: bad signature, replayed, unknown vendor, too large. They may be the vendor's own, after its key changed. */
  WebhooksRefused: "Count",
  // Runs over the stored roster.
  /** 1 for a roster that is empty, cut off, unreadable, too small, older than the last one or a second one of its time; else 0. */
  RosterNotBelieved: "Count",
  /** The age of the roster's data. */
  RosterAgeSeconds: "Seconds",
  /** Differences between roster and directory for which this run published no event. */
  RosterDrift: "Count",
  /** Findings that no event can fix: refused by the directory, waiting for registration, or a data conflict. */
  RosterUnsolved: "Count",
  RosterEventsPublished: "Count",
  RosterEventsNotPublished: "Count",
} as const;

export type MetricName = keyof typeof metricUnits;

export const metricNamespace = "Rollcall";

/**
 * The dimensions of metrics. `service` is the stack's name, so that two stages of one AWS account stay apart. AWS bills each
 * combination of values as a metric, so they are few, and none grows with the number of people.
 */
export type DimensionName = "service" | "pipeline" | "account" | "operation" | "source";

/** Values of one metric. Each counts by itself: sums, maxima and percentiles are left to CloudWatch. */
export interface Measurement {
  name: MetricName;
  values: readonly number[];
  /** In addition to `service` and `pipeline`, which are the same for a whole invocation. */
  dimensions: { readonly account?: string; readonly operation?: string; readonly source?: string };
}
