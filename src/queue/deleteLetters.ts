import { DeleteMessageBatchCommand } from "@aws-sdk/client-sqs";
import { inBatches } from "./inBatches.ts";
import type { LetterBox } from "./letterBox.ts";
import type { StoredLetter } from "./storedLetter.ts";

/** Takes letters out of their dead-letter queue. Those in `failed` are still there. */
export function deleteLetters(
  letters: readonly StoredLetter[],
  { sqs, deadLetterQueueUrl }: LetterBox,
): Promise<{ failed: Set<StoredLetter>; errors: unknown[] }> {
  return inBatches(
    letters,
    () => 0,
    (batch) =>
      sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: deadLetterQueueUrl,
          Entries: batch.map(({ id, entry }) => ({ Id: id, ReceiptHandle: entry.receiptHandle })),
        }),
      ),
  );
}
