import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DeliveryResult } from "./delivery.ts";
import { failure, toDeliveryFailure } from "./toDeliveryFailure.ts";

/** SendMessageBatch: 10 messages and 1 MiB a call. */
const maximumMessages = 10;
const maximumBytes = 1024 * 1024;

interface Waiting {
  body: string;
  attributes: Readonly<Record<string, string>>;
  bytes: number;
  settle: (result: DeliveryResult) => void;
}

export type SendMessage = (message: Pick<Waiting, "body" | "attributes">) => Promise<DeliveryResult>;

/**
 * Sends messages to one queue, one call at a time: while it is under way, further messages gather, so that the
 * calls fill by themselves and take half the time that four at once would. A message that finds the queue idle
 * goes at once. Each one gets its own result: a batch may fail in part.
 */
export function batchSender(client: SQSClient, queueUrl: string): SendMessage {
  const waiting: Waiting[] = [];
  let isSending = false;

  async function sendAll(): Promise<void> {
    isSending = true;
    // Lets everything that is sent in the same turn of the event loop join the first call.
    await Promise.resolve();
    for (let batch = takeBatch(waiting); batch.length > 0; batch = takeBatch(waiting)) {
      await sendBatch(client, queueUrl, batch);
    }
    isSending = false;
  }

  return ({ body, attributes }) =>
    new Promise((settle) => {
      waiting.push({ body, attributes, bytes: bytesOf(body, attributes), settle });
      if (!isSending) void sendAll();
    });
}

function bytesOf(body: string, attributes: Readonly<Record<string, string>>): number {
  const texts = Object.entries(attributes).flatMap(([name, value]) => [name, "String", value]);
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Buffer.byteLength(body));
}

/** At least one message, however large: SQS itself says no to one that no batch could carry. */
function takeBatch(waiting: Waiting[]): Waiting[] {
  let count = 0;
  let bytes = 0;
  for (const message of waiting.slice(0, maximumMessages)) {
    bytes += message.bytes;
    if (count > 0 && bytes > maximumBytes) break;
    count++;
  }
  return waiting.splice(0, count);
}

async function sendBatch(client: SQSClient, queueUrl: string, batch: readonly Waiting[]): Promise<void> {
  try {
    const answer = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: batch.map(toEntry) }),
    );
    const sent = new Set((answer.Successful ?? []).map(({ Id }) => Id));
    const failed = new Map((answer.Failed ?? []).map((entry) => [entry.Id, entry]));
    for (const [index, message] of batch.entries()) {
      const id = String(index);
      const error = failed.get(id);
      if (error !== undefined) message.settle(failure(error.Code ?? "", error.Message ?? "no message"));
      else if (sent.has(id)) message.settle({ kind: "delivered" });
      else message.settle(failure("", "SQS answered neither success nor failure for this message."));
    }
  } catch (error) {
    for (const message of batch) message.settle(toDeliveryFailure(error));
  }
}

function toEntry({ body, attributes }: Waiting, index: number) {
  const messageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
  return { Id: String(index), MessageBody: body, MessageAttributes: messageAttributes };
}
