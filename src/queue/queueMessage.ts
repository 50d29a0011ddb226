import type { SQSRecord } from "aws-lambda";
import type { QueueRecord } from "../drain/queueRecord.ts";

/** A message as a function got it, with what is needed to move it or to put it off. */
export interface QueueMessage extends QueueRecord {
  messageId: string;
  receiptHandle: string;
}

export function toQueueMessage({ messageId, receiptHandle, body, attributes }: SQSRecord): QueueMessage {
  return {
    messageId,
    receiptHandle,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
    receivedAt: new Date(Number(attributes.ApproximateFirstReceiveTimestamp)).toISOString(),
  };
}
