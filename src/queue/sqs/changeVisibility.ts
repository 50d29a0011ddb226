import { ChangeMessageVisibilityBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueMessage } from "../batchResponse.ts";
import { inBatches } from "./inBatches.ts";

export interface VisibilityChange {
  message: Pick<QueueMessage, "receiptHandle">;
  seconds: number;
}

/**
 * Gives each message its own back-off. One whose change fails in SQS loses nothing: it comes again when the
 * queue's visibility timeout ends, later than it need be.
 */
export async function changeVisibility(
  delays: readonly VisibilityChange[],
  { sqs, url }: { sqs: SQSClient; url: string },
) {
  return inBatches(
    delays,
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
