import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import { startSqs } from "../../../../packages/aws-local/sqs/startSqs.ts";

/** Real queues on 127.0.0.1 for the contract tests, with the real client. */
export interface Queues {
  endpoint: string;
  client: SQSClient;
  /**
   * Resolves to the queue's URL. Every queue of a server has a name of its own. Its messages are hidden for longer than any
   * test takes, unless told: on a busy machine they would come again while they are still in work.
   */
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
  const { url: endpoint, client, close } = await startSqs(devAccount);
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
      const Attributes = { VisibilityTimeout: "600", ...attributes };
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
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
    close,
  };
}
