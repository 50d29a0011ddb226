import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { deadLetterAttributes } from "./deadLetter.ts";
import { inBatches } from "./inBatches.ts";
import type { PutOff } from "./putOff.ts";
import type { QueueMessage } from "./queueMessage.ts";

/** A message to be sent anew, and how long it waits before. */
export interface Renewal extends PutOff {
  message: QueueMessage;
}

/** The longest that SQS holds a new message back. */
export const longestDelaySeconds = 900;

/**
 * Sends messages to their queue anew, so that their receives count from zero; each tells when it was first received.
 * Those in `failed` did not get there, so theirs must not be acknowledged. One that is sent and comes again all the same
 * is a duplicate, which the ledger knows.
 */
export async function renew<T extends Renewal>(
  messages: readonly T[],
  { sqs, url }: { sqs: SQSClient; url: string },
): Promise<{ failed: Set<T>; errors: unknown[] }> {
  return inBatches(
    messages,
    ({ message }) => Buffer.byteLength(message.body) + attributeBytes,
    (batch) =>
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ id, entry: { message, seconds } }) => ({
            Id: id,
            MessageBody: message.body,
            DelaySeconds: Math.min(longestDelaySeconds, seconds),
            MessageAttributes: {
              [deadLetterAttributes.firstReceivedAt]: {
                DataType: "String",
                StringValue: new Date(message.receivedAt).toISOString(),
              },
            },
          })),
        }),
      ),
  );
}

/** What the attribute's name, type and value count for. */
const attributeBytes = Buffer.byteLength(
  `${deadLetterAttributes.firstReceivedAt}String2026-05-14T17:00:00.000Z`,
);
