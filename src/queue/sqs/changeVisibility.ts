import { ChangeMessageVisibilityBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueMessage } from "../batchResponse.ts";
import { inBatches } from "./inBatches.ts";

export interface VisibilityChange {
  message: Pick<QueueMessage, "receiptHandle">;
  /** The new visibility timeout, from now. */
  seconds: number;
}

/**
 * Gives each message a visibility timeout of its own. A message whose change fails is not lost: it becomes visible when
 * the queue's visibility timeout ends, which is later than asked for.
 */
export async function changeVisibility(
  changes: readonly VisibilityChange[],
  { sqs, url }: { sqs: SQSClient; url: string },
) {
  return inBatches(
    changes,
    () => 0,
    (batch) =>
      sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ id, entry }) => ({
            Id: id,
            ReceiptHandle: entry.message.receiptHandle,
            VisibilityTimeout: entry.seconds,
          })),
        }),
      ),
  );
}
