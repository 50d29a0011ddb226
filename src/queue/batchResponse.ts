import type { SQSRecord } from "aws-lambda";
import type { QueueRecord } from "../provisioning/decision.ts";
import type { Outcome } from "../provisioning/outcome.ts";
import { deadLetterAttributes } from "./deadLetter.ts";

/** A message as a function received it, with what is needed to delete it or to change its visibility timeout. */
export interface QueueMessage extends QueueRecord {
  messageId: string;
  receiptHandle: string;
}

/** A message and its outcome. */
export interface FinishedMessage {
  message: QueueMessage;
  outcome: Outcome;
}

/**
 * Reads one record of the batch that Lambda hands over. Throws for a record without its SQS attributes, before anything is
 * done with its batch: SQS always sends them.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function toQueueMessage(record: SQSRecord): QueueMessage {
  const { messageId, receiptHandle, body } = record;
  return {
    messageId,
    receiptHandle,
    body,
    receiveCount: readNumber(record, "ApproximateReceiveCount"),
    receivedAt: readFirstReceivedAt(record) ?? readNumber(record, "ApproximateFirstReceiveTimestamp"),
  };
}

/**
 * Reports a batch to Lambda, by way of the settled results that `@middy/sqs-partial-batch-failure` turns into batch item
 * failures: every message that is not done.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function toBatchItemResults(outcomes: readonly Outcome[]): PromiseSettledResult<Outcome>[] {
  return outcomes.map((outcome) =>
    isDone(outcome) ? { status: "fulfilled", value: outcome } : { status: "rejected", reason: outcome },
  );
}

/** Whether the message is to be deleted. Only a retry is not, unless a new copy of it is in the queue already. */
export function isDone(outcome: Outcome): boolean {
  return outcome.kind !== "retry" || outcome.renewed === true;
}

function readNumber({ attributes }: SQSRecord, name: keyof SQSRecord["attributes"]): number {
  const number = Number(attributes[name]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new TypeError(
    `expected the record's attribute ${name} to be a whole number above 0; got ${JSON.stringify(attributes[name])}. Only an SQS event source mapping may invoke this function`,
  );
}

/** A copy that `finishBatch` sent carries the first receipt of the original message in an attribute. */
function readFirstReceivedAt({ messageAttributes }: SQSRecord): number | undefined {
  const text = messageAttributes[deadLetterAttributes.firstReceivedAt]?.stringValue;
  const milliseconds = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
