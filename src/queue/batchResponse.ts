import type { SQSRecord } from "aws-lambda";
import type { QueueRecord } from "../provisioning/decision.ts";
import type { Outcome } from "../provisioning/outcome.ts";
import { deadLetterAttributes } from "./deadLetter.ts";

/** The settled results which `@middy/sqs-partial-batch-failure` turns into the batch item failures. */
export function toBatchItemResults(outcomes: readonly Outcome[]): PromiseSettledResult<Outcome>[] {
  return outcomes.map((outcome) =>
    outcome.kind === "retry" && !outcome.renewed
      ? { status: "rejected", reason: outcome }
      : { status: "fulfilled", value: outcome },
  );
}

/** A message as a function got it, with what is needed to move it or to put it off. */
export interface QueueMessage extends QueueRecord {
  messageId: string;
  receiptHandle: string;
}

export function toQueueMessage(record: SQSRecord): QueueMessage {
  const { messageId, receiptHandle, body } = record;
  return {
    messageId,
    receiptHandle,
    body,
    receiveCount: numberIn(record, "ApproximateReceiveCount"),
    receivedAt: firstReceiptTold(record) ?? numberIn(record, "ApproximateFirstReceiveTimestamp"),
  };
}

/** SQS always says it. Throws for a record that does not, before anything is done about its batch. */
function numberIn({ attributes }: SQSRecord, name: keyof SQSRecord["attributes"]): number {
  const number = Number(attributes[name]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new TypeError(`expected the record's attribute ${name} to be a whole number above 0`);
}

/** A message that was sent to its queue anew tells when it first came. */
function firstReceiptTold({ messageAttributes }: SQSRecord): number | undefined {
  const text = messageAttributes[deadLetterAttributes.firstReceivedAt]?.stringValue;
  const told = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(told) ? undefined : told;
}
