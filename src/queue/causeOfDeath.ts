import type { Message } from "@aws-sdk/client-sqs";
import { deadLetterAttributes } from "./deadLetter.ts";

/** Why a message lies in a dead-letter queue. */
export interface CauseOfDeath {
  /** The outcome's code, or one of `movedByAws`. */
  code: string;
  /** For people. Holds no personal data, unless it is EventBridge's. */
  reason: string;
  requestId?: string;
}

/** The codes of dead letters that no function has sent. */
export const movedByAws = {
  /** EventBridge could not bring the event to its queue. */
  undelivered: "Undelivered",
  /** SQS has handed it out as often as the redrive policy allows. */
  receivedTooOften: "ReceivedTooOften",
} as const;

/**
 * Reads the attributes that the drain, or EventBridge, has sent along; SQS sends none. Needs `MessageAttributeNames`
 * `All`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html names those of EventBridge.
 */
export function causeOfDeath({ MessageAttributes = {} }: Message): CauseOfDeath {
  const textOf = (name: string) => MessageAttributes[name]?.StringValue;
  const code = textOf(deadLetterAttributes.code);
  if (code !== undefined) {
    const requestId = textOf(deadLetterAttributes.requestId);
    const reason = textOf(deadLetterAttributes.reason) ?? "";
    return { code, reason, ...(requestId !== undefined && { requestId }) };
  }
  const errorCode = textOf("ERROR_CODE");
  if (errorCode === undefined) {
    return {
      code: movedByAws.receivedTooOften,
      reason: "SQS handed it out as often as the queue allows, and no invocation came to an outcome",
    };
  }
  const tries = textOf("RETRY_ATTEMPTS");
  const told = [errorCode, textOf("ERROR_MESSAGE")].filter((text) => text !== undefined).join(": ");
  const after = tries === undefined ? "" : ` after ${tries} retries`;
  return {
    code: movedByAws.undelivered,
    reason: `EventBridge could not bring it to the queue${after} (${told})`,
  };
}
