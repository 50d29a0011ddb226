import { DeleteMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueMessage } from "../batchResponse.ts";
import { inBatches } from "./inBatches.ts";

/** Deletes messages from their queue. Those in `failed` come again when their visibility timeout ends. */
export async function deleteMessages<Message extends Pick<QueueMessage, "receiptHandle">>(
  messages: readonly Message[],
  { sqs, url }: { sqs: SQSClient; url: string },
): Promise<{ failed: Set<Message>; errors: unknown[] }> {
  return inBatches(
    messages,
    () => 0,
    (batch) =>
      sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ id, entry }) => ({ Id: id, ReceiptHandle: entry.receiptHandle })),
        }),
      ),
  );
}
