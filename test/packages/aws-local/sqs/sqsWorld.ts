import {
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import type { QueueModel } from "../../../../packages/aws-local/cloudformation/stackModel.ts";
import type { SqsFaults } from "../../../../packages/aws-local/sqs/sqsFaults.ts";
import { startSqs } from "../../../../packages/aws-local/sqs/startSqs.ts";

export interface SqsWorld {
  url: string;
  /** Tries each call once only. */
  client: SQSClient;
  create: (...queues: QueueModel[]) => Promise<void>;
  urlOf: (queue: QueueModel) => string;
  receive: (queueUrl: string, waitSeconds: number) => Promise<Message[]>;
  /** Messages that were not deleted. */
  depth: (queueUrl: string) => Promise<number>;
  close: () => Promise<void>;
}

/** An SQS server of its own, and a client that takes a fault for what it is. */
export async function startSqsWorld(faults?: SqsFaults): Promise<SqsWorld> {
  const server = await startSqs(devAccount, faults);
  const { region, credentials } = devAccount;
  const client = new SQSClient({ region, credentials, endpoint: server.url, maxAttempts: 1 });
  return {
    url: server.url,
    client,
    create: (...queues) => server.createQueues(queues),
    urlOf: ({ name }) => server.queueUrl(name),
    receive: (queueUrl, waitSeconds) => receive(client, queueUrl, waitSeconds),
    depth: async (QueueUrl) => {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages);
    },
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

/** Waits for the next message. */
export async function receiveOne(client: SQSClient, queueUrl: string): Promise<Message> {
  const [message] = await receive(client, queueUrl, 5);
  if (message === undefined) throw new Error(`No message came from ${queueUrl} in 5 s.`);
  return message;
}

async function receive(client: SQSClient, QueueUrl: string, WaitTimeSeconds: number): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds,
      AttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages;
}
