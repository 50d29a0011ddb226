import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { CreateQueueCommand, type QueueAttributeName, SQSClient } from "@aws-sdk/client-sqs";
import { createRequestHandler } from "local-aws-sqs";
import type { QueueModel } from "../cloudformation/stackModel.ts";
import { closeServer, urlOf } from "../httpServer.ts";
import type { LocalAccount } from "../localAccount.ts";
import { withAllowedCharacters } from "./messageContents.ts";
import { type SqsFaults, type SqsHandler, withSqsFaults } from "./sqsFaults.ts";

export interface SqsServer {
  url: string;
  client: SQSClient;
  queueUrl: (queueName: string) => string;
  createQueues: (queues: readonly QueueModel[]) => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Every poller of every mapping keeps up to eight receives open, besides the sends and deletes of a burst. With the
 * SDK's default of 50 sockets they would wait for each other.
 */
const maximumSockets = 200;

/**
 * Starts SQS (local-aws-sqs) on 127.0.0.1. Queue URLs are known before the queues exist, because the template's
 * values need them.
 * Not modelled: encryption, policies (the event bus asks `mayDeliver` itself), and a count of visible messages:
 * `ApproximateNumberOfMessages` includes those in flight.
 */
export async function startSqs(account: LocalAccount, faults?: SqsFaults, port = 0): Promise<SqsServer> {
  const { accountId, region, credentials } = account;
  const server = await listen(account, faults, port);
  const url = urlOf(server);
  const client = new SQSClient({
    region,
    endpoint: url,
    credentials,
    requestHandler: { httpAgent: { maxSockets: maximumSockets } },
  });
  return {
    url,
    client,
    queueUrl: (name) => `${url}/${accountId}/${name}`,
    createQueues: (queues) => createQueues(client, queues),
    close: async () => {
      client.destroy();
      await closeServer(server);
    },
  };
}

async function listen(
  { accountId, region }: LocalAccount,
  faults: SqsFaults | undefined,
  port: number,
): Promise<Server> {
  const hostname = "127.0.0.1";
  const emulator = createRequestHandler({
    port: 0,
    hostname,
    accountId,
    region,
    emulateQueueCreationLifecycle: false,
  });
  const checked = withAllowedCharacters(faithful(emulator));
  const handle = faults === undefined ? checked : withSqsFaults(checked, faults);
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  // A server that closes idle connections often does so just as the client sends its next request, which looks like a
  // fault.
  server.keepAliveTimeout = 0;
  server.listen(port, hostname);
  await once(server, "listening");
  // Queue URLs contain the port.
  emulator.service.PORT = Number(new URL(urlOf(server)).port);
  return server;
}

/**
 * Corrects the receive count of each new queue. A request may create a queue, and the next request corrects it before
 * the queue can hold a message.
 */
function faithful({ service, requestHandler }: ReturnType<typeof createRequestHandler>): SqsHandler {
  const mended = new WeakSet<object>();
  return (request, response) => {
    for (const queue of service.Queues.filter((each) => !mended.has(each))) {
      countReceivesOnly(queue);
      mended.add(queue);
    }
    return requestHandler(request, response);
  };
}

/** Creates dead-letter queues first, because the queues that name them need them. */
async function createQueues(client: SQSClient, queues: readonly QueueModel[]): Promise<void> {
  const deadLetterFirst = queues.toSorted(
    (a, b) => Number(a.redrive !== undefined) - Number(b.redrive !== undefined),
  );
  for (const queue of deadLetterFirst) {
    await client.send(new CreateQueueCommand({ QueueName: queue.name, Attributes: attributesOf(queue) }));
  }
}

function attributesOf(queue: QueueModel): Partial<Record<QueueAttributeName, string>> {
  const { redrive, redriveAllowPolicy, maximumMessageBytes } = queue;
  return {
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(queue.messageRetentionSeconds),
    DelaySeconds: String(queue.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(queue.receiveWaitSeconds),
    ...(maximumMessageBytes !== undefined && { MaximumMessageSize: String(maximumMessageBytes) }),
    ...(redriveAllowPolicy && { RedriveAllowPolicy: JSON.stringify(redriveAllowPolicy) }),
    ...(redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: redrive.deadLetterArn,
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  };
}

type Queue = ReturnType<typeof createRequestHandler>["service"]["Queues"][number];

/**
 * Makes a queue of local-aws-sqs count receives as SQS does. local-aws-sqs counts every change of a visibility
 * timeout as a receive. A message that is delayed after each receive would count 1, 3, 5: its back-off would grow
 * twice as fast, and it would reach `maxReceiveCount` after half the receives.
 *
 * A change runs synchronously, so it is enough to ignore writes of the count during one.
 */
function countReceivesOnly(queue: Queue): void {
  let isChanging = false;
  const { newRecord, changeVisibility } = queue;
  queue.newRecord = (record, delay) => {
    let count = String(record.attributes.ApproximateReceiveCount);
    Object.defineProperty(record.attributes, "ApproximateReceiveCount", {
      enumerable: true,
      get: () => count,
      set: (next: string) => {
        if (!isChanging) count = next;
      },
    });
    return newRecord(record, delay);
  };
  queue.changeVisibility = (receiptHandle, seconds) => {
    isChanging = true;
    try {
      return changeVisibility.call(queue, receiptHandle, seconds);
    } finally {
      isChanging = false;
    }
  };
}
