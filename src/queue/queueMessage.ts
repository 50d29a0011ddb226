import type { SQSRecord } from "aws-lambda";
import type { QueueRecord } from "../drain/queueRecord.ts";
import { deadLetterAttributes } from "./deadLetter.ts";

/** A message as a function got it, with what is needed to move it or to put it off. */
export interface QueueMessage extends QueueRecord {
  messageId: string;
  receiptHandle: string;
}

export function toQueueMessage(record: SQSRecord): QueueMessage {
  const { messageId, receiptHandle, body, attributes } = record;
  return {
    messageId,
    receiptHandle,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
    receivedAt:
      firstReceiptTold(record) ?? new Date(Number(attributes.ApproximateFirstReceiveTimestamp)).toISOString(),
  };
}

/** A message that was sent to its queue anew tells when it first came. */
function firstReceiptTold({ messageAttributes }: SQSRecord): string | undefined {
  const told = Date.parse(messageAttributes[deadLetterAttributes.firstReceivedAt]?.stringValue ?? "");
  return Number.isNaN(told) ? undefined : new Date(told).toISOString();
}
