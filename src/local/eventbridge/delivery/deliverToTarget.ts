import type { BusRule, RuleTarget } from "../busRule.ts";
import type { Deliver, Delivery, DeliveryFailure, DeliveryResult } from "./delivery.ts";

/** AWS tries for 24 hours or 185 times; a local run wants the same end, sooner. */
export interface RetrySchedule {
  /** Tries after the first one. A target's own, smaller limit goes before it. */
  maximumRetries: number;
  /** Doubles with every try. */
  firstDelayMilliseconds: number;
}

interface DeliveryPorts {
  deliver: Deliver;
  retries: RetrySchedule;
  /** Resolves after that time, or rejects when the bus is closed. */
  wait: (milliseconds: number) => Promise<void>;
}

export type TargetOutcome =
  | { kind: "delivered" }
  | { kind: "deadLettered"; failure: DeliveryFailure }
  | { kind: "dropped"; failure: DeliveryFailure; deadLetterFailure?: DeliveryFailure };

/**
 * Brings one message to one target: tries again what may pass, then turns to the target's dead-letter queue,
 * with the attributes that EventBridge sets. Only what reaches neither is dropped, and the outcome says so.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export async function deliverToTarget(
  job: { rule: BusRule; target: RuleTarget; body: string },
  ports: DeliveryPorts,
): Promise<TargetOutcome> {
  const { rule, target, body } = job;
  const retryLimit = Math.min(ports.retries.maximumRetries, target.maximumRetryAttempts ?? Infinity);
  const delivery = { ruleArn: rule.arn, receiverArn: target.arn, body, attributes: {} };
  const { result, retryCount } = await tryRepeatedly(delivery, retryLimit, ports);
  if (result.kind === "delivered") return result;
  if (target.deadLetterArn === undefined) return { kind: "dropped", failure: result };

  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: result.code,
    ERROR_MESSAGE: result.message,
    RETRY_ATTEMPTS: String(retryCount),
    ...(result.isRetryable && { EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts" }),
  };
  const deadLetter = { ...delivery, receiverArn: target.deadLetterArn, attributes };
  const last = await tryRepeatedly(deadLetter, ports.retries.maximumRetries, ports);
  return last.result.kind === "delivered"
    ? { kind: "deadLettered", failure: result }
    : { kind: "dropped", failure: result, deadLetterFailure: last.result };
}

async function tryRepeatedly(delivery: Delivery, retryLimit: number, ports: DeliveryPorts) {
  let result = await tryOnce(delivery, ports.deliver);
  let retryCount = 0;
  while (result.kind === "failed" && result.isRetryable && retryCount < retryLimit) {
    await ports.wait(ports.retries.firstDelayMilliseconds * 2 ** retryCount);
    retryCount++;
    result = await tryOnce(delivery, ports.deliver);
  }
  return { result, retryCount };
}

async function tryOnce(delivery: Delivery, deliver: Deliver): Promise<DeliveryResult> {
  try {
    return await deliver(delivery);
  } catch (error) {
    return { kind: "failed", code: "INTERNAL_ERROR", message: String(error), isRetryable: true };
  }
}
