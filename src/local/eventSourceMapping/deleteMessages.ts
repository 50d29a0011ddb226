import { setTimeout as wait } from "node:timers/promises";
import { DeleteMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import pMap from "p-map";

const entriesPerCall = 10;
const callsAtOnce = 8;
const attempts = 4;

export interface Deletion {
  client: SQSClient;
  queueUrl: string;
  receiptHandles: readonly string[];
}

/** What could not be deleted, and will therefore be delivered again. */
export interface Undeleted {
  receiptHandle: string;
  why: string;
}

/**
 * Deletes messages, ten a call. A 200 can carry entries that failed: those are tried again, a few times.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html
 */
export async function deleteMessages({ client, queueUrl, receiptHandles }: Deletion): Promise<Undeleted[]> {
  let left: Undeleted[] = receiptHandles.map((receiptHandle) => ({ receiptHandle, why: "" }));
  for (let attempt = 1; attempt <= attempts && left.length > 0; attempt += 1) {
    if (attempt > 1) await wait(50 * 2 ** attempt);
    const failed = await pMap(inTens(left), (entries) => deleteTen(client, queueUrl, entries), {
      concurrency: callsAtOnce,
    });
    left = failed.flat();
  }
  return left;
}

async function deleteTen(client: SQSClient, queueUrl: string, entries: Undeleted[]): Promise<Undeleted[]> {
  try {
    const { Failed = [] } = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        // The position, not the message id: a batch can hold one message twice, and ids must be distinct.
        Entries: entries.map(({ receiptHandle }, at) => ({ Id: String(at), ReceiptHandle: receiptHandle })),
      }),
    );
    const why = new Map(Failed.map(({ Id, Code, Message }) => [Id, `${Code}: ${Message ?? ""}`]));
    return entries.flatMap(({ receiptHandle }, at) => {
      const reason = why.get(String(at));
      return reason === undefined ? [] : [{ receiptHandle, why: reason }];
    });
  } catch (error) {
    return entries.map(({ receiptHandle }) => ({ receiptHandle, why: String(error) }));
  }
}

function inTens<T>(entries: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(entries.length / entriesPerCall) }, (_, at) =>
    entries.slice(at * entriesPerCall, (at + 1) * entriesPerCall),
  );
}
