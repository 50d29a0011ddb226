import { type MessageAttributeValue, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Rejected } from "../../provisioning/outcome.ts";
import type { QueueMessage } from "../batchResponse.ts";
import { type DeadLetterSource, deadLetterAttributes } from "../deadLetter.ts";
import { bytesPerCall, inBatches } from "./inBatches.ts";

/** A message that will never succeed, and why. */
export interface DeadLetter {
  message: QueueMessage;
  rejected: Rejected;
}

export interface DeadLetterTarget {
  sqs: SQSClient;
  url: string;
  /** Each dead letter names it as its origin. */
  pipeline: DeadLetterSource;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/**
 * Sends dead letters to the pipeline's dead-letter queue. Those in `failed` did not get there, so their messages
 * must not be acknowledged.
 */
export async function sendDeadLetters(letters: readonly DeadLetter[], queue: DeadLetterTarget) {
  const entries = letters.map((letter) => ({ letter, ...toAttributes(letter, queue) }));
  const { failed, errors } = await inBatches(
    entries,
    ({ bytes }) => bytes,
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

const dataType = "String";
const longestReason = 1024;

/** SQS refuses these characters in a message: https://www.w3.org/TR/REC-xml/#charsets lists those that are allowed. */
const refusedCharacters = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/**
 * The message attributes, and the bytes that the message counts for with them. The most important ones come first.
 * The body is never cut, so beside a body near the limit of SQS the later attributes are left out.
 */
function toAttributes({ message, rejected }: DeadLetter, { pipeline, now }: DeadLetterTarget) {
  const names = deadLetterAttributes;
  const values: [string, string | undefined][] = [
    [names.code, rejected.code],
    [names.reason, rejected.reason.slice(0, longestReason)],
    [names.requestId, rejected.requestId],
    [names.messageId, message.messageId],
    [names.pipeline, pipeline],
    [names.firstReceivedAt, new Date(message.receivedAt).toISOString()],
    [names.rejectedAt, new Date(now()).toISOString()],
  ];
  const attributes: Record<string, MessageAttributeValue> = {};
  let bytes = Buffer.byteLength(message.body);
  for (const [name, value] of values) {
    // SQS refuses an empty attribute value.
    if (!value) continue;
    const StringValue = value.replaceAll(refusedCharacters, "\u{FFFD}");
    const size = Buffer.byteLength(`${name}${dataType}${StringValue}`);
    if (bytes + size > bytesPerCall) continue;
    attributes[name] = { DataType: dataType, StringValue };
    bytes += size;
  }
  return { attributes, bytes };
}
