import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { createSqsServer } from "local-aws-sqs";

/** Real queues on 127.0.0.1 for the contract tests, with the real client. */
export interface Queues {
  endpoint: string;
  client: SQSClient;
  /** Resolves to the queue's URL. Every queue of a server has a name of its own. */
  create(attributes?: Partial<Record<QueueAttributeName, string>>): Promise<string>;
  send(queueUrl: string, bodies: readonly string[]): Promise<void>;
  /** Waits until the queue has given up so many messages; deletes none of them. */
  receiveBodies(queueUrl: string, count: number): Promise<string[]>;
  /** Messages that are not deleted, whether they are visible or not. */
  count(queueUrl: string): Promise<number>;
  arn(queueUrl: string): Promise<string>;
  close(): Promise<void>;
}

export async function startQueues(): Promise<Queues> {
  const server = await createSqsServer({
    port: 0,
    hostname: "127.0.0.1",
    emulateQueueCreationLifecycle: false,
  });
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error(`Expected a port, but got ${address}.`);
  const endpoint = `http://127.0.0.1:${address.port}`;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new SQSClient({ region: "us-east-1", endpoint, credentials });
  let created = 0;

  async function attribute(QueueUrl: string, name: QueueAttributeName): Promise<string> {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }),
    );
    return Attributes?.[name] ?? "";
  }

  return {
    endpoint,
    client,
    async create(attributes = {}) {
      created += 1;
      const QueueName = `queue-${created}${attributes.FifoQueue === "true" ? ".fifo" : ""}`;
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
      return QueueUrl ?? "";
    },
    async send(QueueUrl, bodies) {
      for (let at = 0; at < bodies.length; at += 10) {
        const Entries = bodies
          .slice(at, at + 10)
          .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
        await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    async receiveBodies(QueueUrl, count) {
      const messages: Message[] = [];
      while (messages.length < count) {
        const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, VisibilityTimeout: 60 });
        messages.push(...((await client.send(command)).Messages ?? []));
      }
      return messages.map(({ Body }) => Body ?? "").sort();
    },
    count: async (queueUrl) => Number(await attribute(queueUrl, "ApproximateNumberOfMessages")),
    arn: (queueUrl) => attribute(queueUrl, "QueueArn"),
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
