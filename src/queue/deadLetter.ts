import { type MessageAttributeValue, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Rejected } from "../drain/outcome.ts";
import type { Intent } from "../pipelines.ts";
import { inBatches } from "./inBatches.ts";
import type { QueueMessage } from "./queueMessage.ts";

/** A message that will never succeed, and why. */
export interface DeadLetter {
  message: QueueMessage;
  rejected: Rejected;
}

/** A dead letter explains itself in these message attributes, beside the body as it came. */
export const deadLetterAttributes = {
  pipeline: "RollcallPipeline",
  code: "RollcallCode",
  reason: "RollcallReason",
  requestId: "RollcallRequestId",
  messageId: "RollcallMessageId",
  firstReceivedAt: "RollcallFirstReceivedAt",
  rejectedAt: "RollcallRejectedAt",
} as const;

const longestReason = 1024;

export interface DeadLetterQueue {
  sqs: SQSClient;
  url: string;
  pipeline: Intent;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/**
 * Sends dead letters to the pipeline's dead-letter queue. Those in `failed` did not get there, so their messages
 * must not be acknowledged.
 */
export async function sendDeadLetters(letters: readonly DeadLetter[], queue: DeadLetterQueue) {
  const entries = letters.map((letter) => ({ letter, attributes: attributesOf(letter, queue) }));
  const { failed, errors } = await inBatches(
    entries,
    ({ letter, attributes }) => sizeOf(letter.message.body, attributes),
    (batch) =>
      queue.sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.url,
          Entries: batch.map(({ id, entry }) => ({
            Id: id,
            MessageBody: entry.letter.message.body,
            MessageAttributes: entry.attributes,
          })),
        }),
      ),
  );
  return { failed: new Set([...failed].map(({ letter }) => letter)), errors };
}

type Attributes = Record<string, MessageAttributeValue>;

function attributesOf({ message, rejected }: DeadLetter, { pipeline, now }: DeadLetterQueue): Attributes {
  const names = deadLetterAttributes;
  const values: [string, string | undefined][] = [
    [names.pipeline, pipeline],
    [names.code, rejected.code],
    [names.reason, rejected.reason.slice(0, longestReason)],
    [names.requestId, rejected.requestId],
    [names.messageId, message.messageId],
    [names.firstReceivedAt, message.firstReceivedAt],
    [names.rejectedAt, new Date(now()).toISOString()],
  ];
  const attributes: Attributes = {};
  // SQS refuses an empty attribute value.
  for (const [name, value] of values)
    if (value) attributes[name] = { DataType: "String", StringValue: value };
  return attributes;
}

/** Attributes count towards the size of a message: name, type and value. */
function sizeOf(body: string, attributes: Attributes): number {
  const parts = Object.entries(attributes).map(
    ([name, { DataType, StringValue }]) => `${name}${DataType}${StringValue}`,
  );
  return Buffer.byteLength(body) + Buffer.byteLength(parts.join(""));
}
