import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { devAccount } from "../../dev/service/devAccount.ts";
import { startSqs } from "../../packages/aws-local/sqs/startSqs.ts";
import type { QueueMessage } from "../../src/queue/batchResponse.ts";
import { type FaultySqs, startFaultySqs } from "./faultySqs.ts";

export interface QueueWorld {
  /** What the code under test speaks with: it can be told to fail. */
  faulty: FaultySqs;
  /** Always healthy, for the test's own look at the queues. */
  sqs: SQSClient;
  /** A queue that no other test uses. */
  createQueue: (visibilityTimeoutSeconds?: number) => Promise<string>;
  close: () => Promise<void>;
}

/** An SQS server of its own, and a faulty one in front of it. */
export async function startQueueWorld(): Promise<QueueWorld> {
  const server = await startSqs(devAccount);
  const faulty = await startFaultySqs(server.url);
  let queues = 0;
  return {
    faulty,
    sqs: server.client,
    createQueue: async (visibilityTimeoutSeconds = 600) => {
      queues += 1;
      const QueueName = `queue-${queues}`;
      const Attributes = { VisibilityTimeout: String(visibilityTimeoutSeconds) };
      await server.client.send(new CreateQueueCommand({ QueueName, Attributes }));
      return server.queueUrl(QueueName);
    },
    close: async () => {
      await faulty.close();
      await server.close();
    },
  };
}

/** Sends the bodies and receives them again: the messages, in the bodies' order, as a function would hold them. */
export async function hold(sqs: SQSClient, url: string, bodies: readonly string[]): Promise<QueueMessage[]> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  for (let index = 0; index < Entries.length; index += 10) {
    const batch = Entries.slice(index, index + 10);
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: batch }));
  }
  const received = await receive(sqs, url, bodies.length);
  const messages = received.map(toMessage);
  return messages.toSorted((a, b) => bodies.indexOf(a.body) - bodies.indexOf(b.body));
}

/** Waits until so many messages have come; fewer than that only if none comes for five seconds. */
export async function receive(sqs: SQSClient, url: string, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.length < count) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: Math.min(10, count - messages.length),
        WaitTimeSeconds: 5,
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) break;
    messages.push(...Messages);
  }
  return messages;
}

/** How many messages could be received now. */
export async function countVisible(sqs: SQSClient, url: string): Promise<number> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.length;
}

function toMessage({ MessageId = "", ReceiptHandle = "", Body = "" }: Message): QueueMessage {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    receiveCount: 1,
    receivedAt: Date.parse("2026-05-14T17:00:00.000Z"),
  };
}
