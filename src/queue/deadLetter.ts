import { type MessageAttributeValue, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Rejected } from "../provisioning/outcome.ts";
import type { QueueMessage } from "./batchResponse.ts";
import { bytesPerCall, inBatches } from "./inBatches.ts";
import type { LetterSource } from "./letterSource.ts";

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

const dataType = "String";
const longestReason = 1024;

/** What SQS refuses in a message: https://www.w3.org/TR/REC-xml/#charsets is its list of what may be there. */
const refusedCharacters = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

export interface DeadLetterQueue {
  sqs: SQSClient;
  url: string;
  /** Who the letters are told to come from. */
  pipeline: LetterSource;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/**
 * Sends dead letters to the pipeline's dead-letter queue. Those in `failed` did not get there, so their messages
 * must not be acknowledged.
 */
export async function sendDeadLetters(letters: readonly DeadLetter[], queue: DeadLetterQueue) {
  const entries = letters.map((letter) => ({ letter, ...explain(letter, queue) }));
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

/**
 * The letter's attributes, and the bytes that it counts for with them. The most telling come first: beside a body
 * near the limit of SQS the later ones are left out, because the body itself is never cut.
 */
function explain({ message, rejected }: DeadLetter, { pipeline, now }: DeadLetterQueue) {
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
