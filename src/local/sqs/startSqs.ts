import { CreateQueueCommand, type QueueAttributeName, SQSClient } from "@aws-sdk/client-sqs";
import { createSqsServer } from "local-aws-sqs";
import type { QueueModel } from "../cloudformation/stackModel.ts";
import { closeServer, urlOf } from "../stack/httpServer.ts";
import type { LocalAccount } from "../stack/localAccount.ts";

export interface SqsServer {
  url: string;
  client: SQSClient;
  queueUrl: (queueName: string) => string;
  createQueues: (queues: readonly QueueModel[]) => Promise<void>;
  close: () => Promise<void>;
}

/** Starts SQS on 127.0.0.1. Its URLs can be told before its queues exist, because the template's values need them. */
export async function startSqs({ accountId, region, credentials }: LocalAccount): Promise<SqsServer> {
  const server = await createSqsServer({
    port: 0,
    hostname: "127.0.0.1",
    region,
    accountId,
    emulateQueueCreationLifecycle: false,
  });
  const url = urlOf(server);
  const client = new SQSClient({
    region,
    endpoint: url,
    credentials,
    requestHandler: { httpsAgent: { maxSockets: 200 } },
  });
  return {
    url,
    client,
    queueUrl: (name) => `${url}/${accountId}/${name}`,
    createQueues: async (queues) => {
      // A dead-letter queue has to be there before the queue that names it.
      const deadLetterFirst = queues.toSorted(
        (a, b) => Number(a.redrive !== undefined) - Number(b.redrive !== undefined),
      );
      for (const queue of deadLetterFirst) {
        await client.send(new CreateQueueCommand({ QueueName: queue.name, Attributes: attributesOf(queue) }));
      }
    },
    close: async () => {
      client.destroy();
      await closeServer(server);
    },
  };
}

function attributesOf(queue: QueueModel): Partial<Record<QueueAttributeName, string>> {
  return {
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(queue.messageRetentionSeconds),
    DelaySeconds: String(queue.delaySeconds),
    ...(queue.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queue.redrive.deadLetterArn,
        maxReceiveCount: queue.redrive.maxReceiveCount,
      }),
    }),
  };
}
