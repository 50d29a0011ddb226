import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { BusFaults, BusRule, EventEnvelope, RuleTarget } from "./eventModel.ts";
import { pendingWork } from "./pendingWork.ts";

interface Job {
  rule: BusRule;
  target: RuleTarget;
  event: EventEnvelope;
  body: string;
}

interface Dispatcher {
  /** Starts a delivery and returns at once. */
  start: (job: Job) => void;
  idle: () => Promise<void>;
  /** Ends every wait. Messages that were waiting are counted as dropped. */
  close: () => Promise<void>;
}

interface DispatcherOptions {
  deliver: Deliver;
  retries: RetrySchedule;
  fault: NonNullable<BusFaults["delivery"]>;
  /** Updated as deliveries end. */
  report: BusReport;
}

/** Runs deliveries concurrently, with the scripted faults, and counts their results. */
export function createDispatcher({ deliver, retries, fault, report }: DispatcherOptions): Dispatcher {
  const closing = new AbortController();
  // Every wait listens to this signal, and any number of waits may run.
  setMaxListeners(0, closing.signal);
  const pending = pendingWork();
  const wait = (milliseconds: number) => sleep(milliseconds, undefined, { signal: closing.signal });
  let count = 0;

  async function run(job: Job, delayMilliseconds: number): Promise<TargetOutcome> {
    try {
      if (delayMilliseconds > 0) await wait(delayMilliseconds);
      return await deliverToTarget(job, { deliver, retries, wait });
    } catch (error) {
      if (!closing.signal.aborted) throw error;
      const message = "The bus was closed before the event was delivered.";
      const failure = { kind: "failed", code: "INTERNAL_ERROR", message, isRetryable: true } as const;
      return { kind: "dropped", failure };
    }
  }

  return {
    start: (job) => {
      const { event, rule, target } = job;
      const scripted = fault({ index: count++, event, targetArn: target.arn }) ?? {};
      const message = { eventId: event.id, ruleArn: rule.arn, targetArn: target.arn };
      for (let copy = 0; copy < (scripted.copies ?? 1); copy++) {
        pending.add(async () => {
          recordOutcome(report, await run(job, scripted.delayMilliseconds ?? 0), message);
        });
      }
    },
    idle: pending.idle,
    close: () => {
      closing.abort();
      return pending.idle();
    },
  };
}

/** The results of all entries since the bus was started. */
export interface BusReport {
  accepted: number;
  refused: number;
  /** Events that matched no enabled rule of their bus. AWS drops them silently. */
  unmatched: number;
  /** Events per unknown bus. AWS accepts them and loses them. */
  unknownBuses: Record<string, number>;
  /** Messages that reached a target: one per event and target, plus one per scripted copy. */
  delivered: number;
  deadLettered: number;
  /** Lost messages: not delivered, and no dead-letter queue took them. */
  dropped: DroppedMessage[];
}

interface DroppedMessage {
  eventId: string;
  ruleArn: string;
  targetArn: string;
  failure: DeliveryFailure;
  /** Why the dead-letter queue did not take it, if there is one. */
  deadLetterFailure?: DeliveryFailure;
}

export function emptyReport(): BusReport {
  return {
    accepted: 0,
    refused: 0,
    unmatched: 0,
    unknownBuses: {},
    delivered: 0,
    deadLettered: 0,
    dropped: [],
  };
}

function recordOutcome(
  report: BusReport,
  outcome: TargetOutcome,
  message: Pick<DroppedMessage, "eventId" | "ruleArn" | "targetArn">,
): void {
  switch (outcome.kind) {
    case "delivered":
      report.delivered++;
      break;
    case "deadLettered":
      report.deadLettered++;
      break;
    case "dropped": {
      const { kind: _, ...failures } = outcome;
      report.dropped.push({ ...message, ...failures });
    }
  }
}

/** How deliveries are retried. AWS retries for 24 hours or 185 times; a local run must end sooner. */
export interface RetrySchedule {
  /** Attempts after the first one. A smaller limit of the target takes precedence. */
  maximumRetries: number;
  /** Doubles with every attempt. */
  firstDelayMilliseconds: number;
}

interface DeliveryPorts {
  deliver: Deliver;
  retries: RetrySchedule;
  /** Resolves after that time, or rejects when the bus is closed. */
  wait: (milliseconds: number) => Promise<void>;
}

type TargetOutcome =
  | { kind: "delivered" }
  | { kind: "deadLettered"; failure: DeliveryFailure }
  | { kind: "dropped"; failure: DeliveryFailure; deadLetterFailure?: DeliveryFailure };

/**
 * Delivers one message to one target. It retries failures that may pass and then sends the message to the target's
 * dead-letter queue, with EventBridge's attributes. A message that reaches neither is dropped, and the outcome says
 * so.
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

/** One message for one target of one rule, or for that target's dead-letter queue. */
export interface Delivery {
  ruleArn: string;
  /** The ARN of the receiver: the target, or the dead-letter queue. */
  receiverArn: string;
  body: string;
  /** Message attributes of type String. Only a dead letter has any. */
  attributes: Readonly<Record<string, string>>;
}

/** The codes that EventBridge writes into ERROR_CODE of a dead letter (eb-rule-dlq). */
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
  /** False for a missing permission or queue: AWS sends such an event to the dead-letter queue at once. */
  isRetryable: boolean;
}

export type DeliveryResult = { kind: "delivered" } | DeliveryFailure;

/** Delivers a message to its receiver. Failure is a value; a rejection counts as a failure that may pass. */
export type Deliver = (delivery: Delivery) => Promise<DeliveryResult>;
