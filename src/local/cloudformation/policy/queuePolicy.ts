/** The resource policy of a queue, as far as it can concern EventBridge. */
export interface QueuePolicy {
  statements: PolicyStatement[];
}

export interface PolicyStatement {
  /** The Sid, or the statement's number where it has none: for messages. */
  label: string;
  effect: "Allow" | "Deny";
  /** Service principals; empty if only AWS identities are meant, which EventBridge is not. */
  services: "anyone" | string[];
  /** With `*` and `?`, in lower case: IAM compares actions without regard to case. */
  actions: string[];
  resources: string[];
  /** All of them must hold. */
  conditions: PolicyCondition[];
}

export interface PolicyCondition {
  operator: ConditionOperator;
  key: ConditionKey;
  /** Any one of them will do. */
  values: string[];
}

export const conditionOperators = ["ArnEquals", "ArnLike", "Bool", "StringEquals", "StringLike"] as const;
type ConditionOperator = (typeof conditionOperators)[number];

/** The keys that EventBridge's requests carry and that are modelled; IAM compares their names without case. */
export const conditionKeys = ["aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn"] as const;
export type ConditionKey = (typeof conditionKeys)[number];
