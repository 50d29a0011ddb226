/** A rule as the bus and the scheduler need it; the CloudFormation reader's rules have this shape. */
export interface BusRule {
  name: string;
  arn: string;
  busName: string;
  enabled: boolean;
  /** Parsed JSON, still to be compiled. A rule has a pattern, a schedule, or both. */
  pattern?: unknown;
  /** `rate(1 minute)` and its like. */
  schedule?: string;
  targets: readonly RuleTarget[];
}

export interface RuleTarget {
  id: string;
  arn: string;
  /** Where an event goes that could not be delivered. Without one it is dropped. */
  deadLetterArn?: string;
  /** A constant JSON text that the target gets in the event's place. */
  input?: string;
  /** From the target's RetryPolicy; AWS's own default is 185. */
  maximumRetryAttempts?: number;
}
