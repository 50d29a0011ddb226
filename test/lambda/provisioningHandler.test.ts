import { createServer, type Socket } from "node:net";
import type { SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { hold, type QueueWorld, receive, startQueueWorld } from "../queue/queueWorld.ts";
import { startCannedServer } from "./startCannedServer.ts";
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

/** One pipeline's packaged function with these queues. Its directory and, by default, its ledger cannot be reached. */
async function startPipeline(
  { queueUrl, deadLetterQueueUrl }: Queues,
  { timeoutSeconds, ledger = nowhere }: { timeoutSeconds?: number; ledger?: string } = {},
) {
  const started = await startPackaged("offboard", {
    timeoutSeconds,
    environment: {
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      POWERTOOLS_SERVICE_NAME: "rollcall-dev",
      AWS_ENDPOINT_URL: nowhere,
      AWS_ENDPOINT_URL_DYNAMODB: ledger,
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
    metadata: {
      id: "e1",
      schemaVersion: "1.0",
      occurredAt: "2026-05-14T17:00:00Z",
      origin: "test",
      correlationId: "c1",
    },
    data: { personId: "p1", email: "ada.lovelace@example.com" },
  },
});

const failures = (...messageIds: string[]) => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("the packaged function of a pipeline", () => {
  it("answers an empty batch with no failures", async () => {
    const { invoke, logs } = await startPipeline(queues);
    expect(await invoke({ Records: [] })).toEqual(failures());
    expect(logs).toEqual([
      expect.objectContaining({ message: "drained", records: 0, outcomes: {}, calls: {} }),
    ]);
  });

  it("moves what is not JSON to the dead-letter queue, and reports its neighbour alone", async () => {
    const { invoke, logs } = await startPipeline(queues);
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
    const deadLetters = await receive(world.sqs, queues.deadLetterQueueUrl, 1);
    expect(
      deadLetters.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.RollcallCode?.StringValue]),
    ).toEqual([["not JSON: ada.lovelace@example.org", "Malformed"]]);
    expect(logs).toEqual([
      expect.objectContaining({ level: "WARN", message: "rejected", messageId: "bad", code: "Malformed" }),
      expect.objectContaining({
        level: "WARN",
        message: "retry",
        messageId: "good",
        eventId: "e1",
        correlationId: "c1",
      }),
      expect.objectContaining({
        level: "INFO",
        message: "drained",
        records: 2,
        outcomes: { rejected: 1, retry: 1 },
      }),
    ]);
    expect(logs).toEqual(
      logs.map(() =>
        expect.objectContaining({
          service: "rollcall-dev",
          function_request_id: expect.stringMatching(uuid),
          cold_start: true,
        }),
      ),
    );
    expect(JSON.stringify(logs)).not.toContain("lovelace");
  });

  it("writes what it measured, for the pipeline and for the account", async () => {
    const { invoke, metrics } = await startPipeline(queues);
    await invoke({ Records: [record("bad", leaver)] });
    const whole = { service: "rollcall-dev", pipeline: "offboard" };
    expect(metrics).toEqual([
      expect.objectContaining({
        ...whole,
        account: "team-0001",
        Retried: 1,
        OldestUnsettledSeconds: expect.any(Number),
      }),
      expect.objectContaining({ ...whole, BatchesFailed: 0 }),
    ]);
  });

  it("reports a message that it can move nowhere", async () => {
    const { invoke, logs } = await startPipeline(queuesAt(nowhere));
    expect(await invoke({ Records: [record("bad", "not JSON")] })).toEqual(failures("bad"));
    expect(logs).toContainEqual(expect.objectContaining({ messageId: "bad", code: "DeadLetterNotSent" }));
    expect(logs).toContainEqual(expect.objectContaining({ level: "ERROR", message: "SQS refused a batch" }));
  });

  it("names nobody whom SQS or DynamoDB name", async () => {
    const talkative = await startCannedServer(400, {
      __type: "com.amazon.coral.service#ValidationException",
      message: 'no such message: "ada.lovelace@example.com"',
    });
    const { invoke, lines } = await startPipeline(queuesAt(talkative), { ledger: talkative });
    const event = { Records: [record("bad", "not JSON"), record("good", leaver)] };
    expect(await invoke(event)).toEqual(failures("bad", "good"));
    const masked = lines.filter((line) => line.includes("a***@example.com"));
    expect([masked.length > 1, lines.filter((line) => line.includes("lovelace"))]).toEqual([true, []]);
  });

  it("reports every message, says why and counts it if it fails as a whole", async () => {
    const { invoke, logs, metrics } = await startPipeline(queues);
    const defect = { ...record("second", leaver), attributes: {} };
    expect(await invoke({ Records: [record("first", leaver), defect] })).toEqual(failures("first", "second"));
    expect(logs).toEqual([
      crash(
        "TypeError",
        "expected the record's attribute ApproximateReceiveCount to be a whole number above 0",
        // The source, not the bundle.
        "src/queue/batchResponse.ts:",
      ),
    ]);
    expect(metrics).toEqual([expect.objectContaining({ pipeline: "offboard", BatchesFailed: 1 })]);
  });

  it("reports every message and says why if its time runs out", async () => {
    const { invoke, logs } = await startPipeline(queuesAt(await listenSilently()), { timeoutSeconds: 5 });
    expect(await invoke({ Records: [record("bad", "not JSON")] })).toEqual(failures("bad"));
    expect(logs).toEqual([crash("TimeoutError", "AbortError")]);
  });
});

const uuid = /^[0-9a-f-]{36}$/;

/** The line of a batch that failed as a whole. */
const crash = (name: string, message: string, place = " at ") =>
  expect.objectContaining({
    level: "ERROR",
    message: "the batch failed as a whole and comes again",
    pipeline: "offboard",
    function_request_id: expect.stringMatching(uuid),
    error: expect.objectContaining({
      name,
      message: expect.stringContaining(message),
      stack: expect.stringContaining(place),
    }),
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
