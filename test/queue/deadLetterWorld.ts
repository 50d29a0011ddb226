import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { devAccount } from "../../dev/service/devAccount.ts";
import type { SqsFault, SqsRequest } from "../../packages/aws-local/sqs/sqsFaults.ts";
import { startSqs } from "../../packages/aws-local/sqs/startSqs.ts";
import type { DeadLetterQueue } from "../../src/queue/deadLetterQueue.ts";
import { type DeadLetter, sendDeadLetters } from "../../src/queue/sqs/sendDeadLetters.ts";
import { sqsDeadLetterQueue } from "../../src/queue/sqs/sqsDeadLetterQueue.ts";
import { type StoredDeadLetter, toStoredDeadLetter } from "../../src/queue/storedDeadLetter.ts";

export interface DeadLetterWorld {
  /** Its client tries each call once only, and meets the faults. */
  queue: DeadLetterQueue;
  client: SQSClient;
  urls: { queueUrl: string; deadLetterQueueUrl: string };
  /** Always healthy, for the test's own doings. */
  sqs: SQSClient;
  /** What goes wrong with each request of the queue from now on; it may also look on. */
  fail: (faults: (request: SqsRequest) => SqsFault | undefined) => void;
  reject: (...bodies: string[]) => Promise<unknown>;
  /** The dead letters, as somebody holds them who has just read them. */
  hold: () => Promise<StoredDeadLetter[]>;
  /** The bodies that could be received now, sorted. */
  dead: () => Promise<string[]>;
  queued: () => Promise<string[]>;
  /** Lets go of a letter, as if the time for which it was hidden were over. */
  putBack: (letter: StoredDeadLetter) => Promise<unknown>;
  close: () => Promise<void>;
}

let queues = 0;

/** An SQS server with one pipeline's queues. */
export async function startDeadLetterWorld(): Promise<DeadLetterWorld> {
  let faults: (request: SqsRequest) => SqsFault | undefined = () => undefined;
  let isOwn = false;
  const server = await startSqs(devAccount, (request) => (isOwn ? undefined : faults(request)));
  const { region, credentials } = devAccount;
  const sqs = server.client;
  const client = new SQSClient({ region, credentials, endpoint: server.url, maxAttempts: 1 });
  queues += 1;
  const names = { queue: `letters-${queues}`, deadLetters: `letters-${queues}-dlq` };
  for (const QueueName of Object.values(names)) await sqs.send(new CreateQueueCommand({ QueueName }));
  const urls = {
    queueUrl: server.queueUrl(names.queue),
    deadLetterQueueUrl: server.queueUrl(names.deadLetters),
  };
  const undisturbed = async <T>(work: () => Promise<T>): Promise<T> => {
    isOwn = true;
    try {
      return await work();
    } finally {
      isOwn = false;
    }
  };
  const messagesIn = (QueueUrl: string) =>
    undisturbed(async () => {
      const messages: Message[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...everything }));
        if (Messages.length === 0) return messages;
        messages.push(...Messages);
      }
    });
  const bodiesIn = async (url: string) => (await messagesIn(url)).map(({ Body = "" }) => Body).sort();
  return {
    queue: sqsDeadLetterQueue({ sqs: client, pipeline: "offboard", ...urls }),
    client,
    urls,
    sqs,
    fail: (next) => {
      faults = next;
    },
    reject: (...bodies) =>
      undisturbed(() =>
        sendDeadLetters(bodies.map(letterOf), {
          sqs,
          url: urls.deadLetterQueueUrl,
          pipeline: "offboard",
          now: Date.now,
        }),
      ),
    hold: async () => {
      const messages = await messagesIn(urls.deadLetterQueueUrl);
      return messages.map((message) => toStoredDeadLetter(message, "offboard", 0));
    },
    dead: () => bodiesIn(urls.deadLetterQueueUrl),
    queued: () => bodiesIn(urls.queueUrl),
    putBack: ({ receiptHandle: ReceiptHandle }) => {
      const QueueUrl = urls.deadLetterQueueUrl;
      return undisturbed(() =>
        sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
      );
    },
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

const everything = {
  MaxNumberOfMessages: 10,
  VisibilityTimeout: 600,
  MessageAttributeNames: ["All"],
  AttributeNames: ["All"],
} satisfies Partial<ReceiveMessageCommandInput>;

function letterOf(body: string, index: number): DeadLetter {
  const receivedAt = Date.parse("2026-05-14T17:00:05.000Z");
  return {
    message: { messageId: `message-${index}`, receiptHandle: "", body, receiveCount: 1, receivedAt },
    rejected: { kind: "rejected", code: "UserNotFound", reason: "no such user", requestId: "request-1" },
  };
}
