import { once } from "node:events";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { createSqsServer } from "local-aws-sqs";

export interface LocalQueues {
  client: SQSClient;
  /** The URL of each queue by its ARN. */
  urls: ReadonlyMap<string, string>;
  /** Takes everything out of a queue. */
  drain: (queueArn: string) => Promise<Message[]>;
  close: () => Promise<void>;
}

export function queueArn(name: string): string {
  return `arn:aws:sqs:us-east-1:123456789012:${name}`;
}

export const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** Starts a real SQS emulator on a port of its own and creates the queues. */
export async function startQueues(names: readonly string[]): Promise<LocalQueues> {
  const server = await createSqsServer({
    port: 0,
    hostname: "127.0.0.1",
    emulateQueueCreationLifecycle: false,
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The SQS emulator has no port.");
  const client = new SQSClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "us-east-1",
    credentials,
  });
  const urls = new Map<string, string>();
  for (const name of names) {
    const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: name }));
    urls.set(queueArn(name), QueueUrl);
  }
  return {
    client,
    urls,
    drain: (arn) => drain(client, urls.get(arn) ?? ""),
    close: async () => {
      client.destroy();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function drain(client: SQSClient, url: string): Promise<Message[]> {
  const received: Message[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    if (Messages.length === 0) return received;
    received.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  }
}
