/** Every metric that the functions write, with its unit. Alarms and the dashboard take their names from here. */
export const metricUnits = {
  // How messages ended.
  Applied: "Count",
  Unchanged: "Count",
  Superseded: "Count",
  Deferred: "Count",
  Excluded: "Count",
  Held: "Count",
  Rejected: "Count",
  Retried: "Count",
  /** 1 while the latch of an account's safeguard is closed, and 0 while it is not: told every minute. */
  LatchClosed: "Count",
  /** From when a decision took effect to when the directory had it; one value for each that was applied. */
  EventToAppliedSeconds: "Seconds",
  /**
   * How long the oldest of the messages that come again has been in our hands. SQS's own ApproximateAgeOfOldestMessage leaves out what was
   * received three times or more, so it goes blind in an outage, when it is needed.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  OldestUnsettledSeconds: "Seconds",
  // Calls of the directory, and the users that the batch calls carried.
  Calls: "Count",
  Users: "Count",
  UsersPerCall: "Count",
  /** Calls that failed for credentials, permissions or the account itself: no user is to blame, and all wait. */
  ConfigurationRefused: "Count",
  /** 1 for an invocation that failed as a whole, 0 for one that did not. Its answer hides it from Lambda's `Errors`. */
  BatchesFailed: "Count",
  // Decisions whose day has come.
  DuePublished: "Count",
  DueNotPublished: "Count",
  // What webhooks and identity providers told.
  SourceEventsPublished: "Count",
  SourceEventsNotPublished: "Count",
  /** Calls of whoever knows a vendor's address that were not let in: a stranger's, or the vendor's own after a change of its key. */
  WebhooksRefused: "Count",
  // What a look at the stored roster came to.
  /** 1 for a roster that is empty, cut off, broken, shrunken, older than the last one or another of its time; else 0. */
  RosterNotBelieved: "Count",
  /** Since the roster was true. */
  RosterAgeSeconds: "Seconds",
  /** Changes that the roster asks for and that the run did not set about to make. */
  RosterDrift: "Count",
  /** People about whom nothing is done, although the roster asks for it or contradicts itself: no event can help them. */
  RosterUnsolved: "Count",
  RosterEventsPublished: "Count",
  RosterEventsNotPublished: "Count",
} as const;

export type MetricName = keyof typeof metricUnits;

export const metricNamespace = "Rollcall";

/**
 * `service` is the stack's name, so that two stages of one AWS account stay apart. Each combination of values is a metric
 * that AWS bills, so the dimensions are few: no function ever writes one that grows with the number of people.
 */
export type DimensionName = "service" | "pipeline" | "account" | "operation";

/** What a function measured. Each of `values` counts by itself: sums, maxima and percentiles are CloudWatch's to make. */
export interface Measurement {
  name: MetricName;
  values: readonly number[];
  /** Besides `service` and `pipeline`, which a whole invocation has in common. */
  dimensions: { readonly account?: string; readonly operation?: string };
}
