import { createServer, type Socket } from "node:net";
import type { SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { hold, type QueueWorld, receive, startQueueWorld } from "../queue/queueWorld.ts";
import { type StartedFunction, startPackaged } from "./startPackaged.ts";

/** Nobody listens there. */
const nowhere = "http://127.0.0.1:9";

const queuesAt = (origin: string): Queues => ({
  queueUrl: `${origin}/123456789012/queue`,
  deadLetterQueueUrl: `${origin}/123456789012/dlq`,
});

interface Queues {
  queueUrl: string;
  deadLetterQueueUrl: string;
}

let world: QueueWorld;
let queues: Queues;
const running: StartedFunction[] = [];

beforeAll(async () => {
  world = await startQueueWorld();
  queues = { queueUrl: await world.createQueue(), deadLetterQueueUrl: await world.createQueue() };
});
afterAll(async () => {
  for (const started of running) await started.close();
  await world.close();
});

/** The packaged drain of one pipeline with these queues, and a ledger and a directory that nobody can reach. */
async function startDrain({ queueUrl, deadLetterQueueUrl }: Queues, timeoutSeconds?: number) {
  const started = await startPackaged("offboard", {
    timeoutSeconds,
    environment: {
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      AWS_ENDPOINT_URL: nowhere,
      AWS_ENDPOINT_URL_SQS: new URL(queueUrl).origin,
    },
  });
  running.push(started);
  return started;
}

function record(messageId: string, body: string, receiptHandle = "none"): Partial<SQSRecord> {
  return {
    messageId,
    receiptHandle,
    body,
    messageAttributes: {},
    attributes: {
      ApproximateReceiveCount: "1",
      ApproximateFirstReceiveTimestamp: "1778778000000",
      SentTimestamp: "1778777990000",
      SenderId: "AIDA",
    },
  };
}

const leaver = JSON.stringify({
  "detail-type": "EmployeeLeft",
  detail: {
    metadata: { id: "e1", schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00Z", origin: "test" },
    data: { personId: "p1", email: "ada.lovelace@example.org" },
  },
});

const failures = (...messageIds: string[]) => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("the packaged drain", () => {
  it("answers an empty batch with no failures", async () => {
    const { invoke, logs } = await startDrain(queues);
    expect(await invoke({ Records: [] })).toEqual(failures());
    expect(logs).toEqual([
      expect.objectContaining({ message: "drained", records: 0, outcomes: {}, calls: {} }),
    ]);
  });

  it("moves what is not JSON to the dead-letter queue, and reports its neighbour alone", async () => {
    const { invoke, logs } = await startDrain(queues);
    const [bad, good] = await hold(world.sqs, queues.queueUrl, [
      "not JSON: ada.lovelace@example.org",
      leaver,
    ]);
    const event = {
      Records: [
        record("bad", bad?.body ?? "", bad?.receiptHandle),
        record("good", good?.body ?? "", good?.receiptHandle),
      ],
    };
    expect(await invoke(event)).toEqual(failures("good"));
    const letters = await receive(world.sqs, queues.deadLetterQueueUrl, 1);
    expect(
      letters.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.RollcallCode?.StringValue]),
    ).toEqual([["not JSON: ada.lovelace@example.org", "Malformed"]]);
    expect(logs).toEqual([
      expect.objectContaining({ message: "rejected", messageId: "bad", code: "Malformed" }),
      expect.objectContaining({ message: "retry", messageId: "good" }),
      expect.objectContaining({ message: "drained", records: 2, outcomes: { rejected: 1, retry: 1 } }),
    ]);
    expect(JSON.stringify(logs)).not.toContain("lovelace");
  });

  it("reports a message that it can move nowhere", async () => {
    const { invoke, logs } = await startDrain(queuesAt(nowhere));
    expect(await invoke({ Records: [record("bad", "not JSON")] })).toEqual(failures("bad"));
    expect(logs).toContainEqual(expect.objectContaining({ messageId: "bad", code: "DeadLetterNotSent" }));
    expect(logs).toContainEqual(expect.objectContaining({ level: "error", message: "SQS refused a batch" }));
  });

  it("reports every message and says why if it fails as a whole", async () => {
    const { invoke, logs } = await startDrain(queues);
    const defect = { ...record("second", leaver), attributes: {} };
    expect(await invoke({ Records: [record("first", leaver), defect] })).toEqual(failures("first", "second"));
    expect(logs).toEqual([crash("RangeError: Invalid time value")]);
  });

  it("reports every message and says why if its time runs out", async () => {
    const { invoke, logs } = await startDrain(queuesAt(await listenSilently()), 2);
    expect(await invoke({ Records: [record("bad", "not JSON")] })).toEqual(failures("bad"));
    expect(logs).toEqual([crash("TimeoutError")]);
  });
});

/** The line of a batch that failed as a whole. */
const crash = (error: string) => ({
  level: "error",
  message: "the batch failed as a whole and comes again",
  pipeline: "offboard",
  error: expect.stringContaining(error),
});

/** The address of a server that takes every connection and never answers. */
async function listenSilently(): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}
