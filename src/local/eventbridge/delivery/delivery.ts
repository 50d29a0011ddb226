/** One message on its way to one target of one rule, or to that target's dead-letter queue. */
export interface Delivery {
  ruleArn: string;
  /** The ARN of what receives it: the target, or the dead-letter queue. */
  receiverArn: string;
  body: string;
  /** Message attributes of type String; only a dead letter has any. */
  attributes: Readonly<Record<string, string>>;
}

/** Codes that EventBridge writes into ERROR_CODE of a dead letter: eb-rule-dlq. */
export type DeliveryErrorCode =
  | "CONNECTION_FAILURE"
  | "ERROR_FROM_TARGET"
  | "INTERNAL_ERROR"
  | "INVALID_PARAMETER"
  | "NO_PERMISSIONS"
  | "NO_RESOURCE"
  | "THROTTLING";

export interface DeliveryFailure {
  kind: "failed";
  code: DeliveryErrorCode;
  message: string;
  /** A missing permission or queue is not tried again: AWS sends such an event straight to the dead letters. */
  isRetryable: boolean;
}

export type DeliveryResult = { kind: "delivered" } | DeliveryFailure;

/** The port to what receives events. Failure is a value; a rejection is taken as a failure that may pass. */
export type Deliver = (delivery: Delivery) => Promise<DeliveryResult>;
