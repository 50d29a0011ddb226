import { once } from "node:events";
import { createServer } from "node:http";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Delivery } from "../../../../packages/aws-local/eventbridge/delivery.ts";
import { sqsTarget } from "../../../../packages/aws-local/eventbridge/sqsTarget.ts";
import { credentials, type LocalQueues, queueArn, startQueues } from "./localQueues.ts";

const queue = queueArn("offboard");
const closed = queueArn("closed");

function deliveryOf(body: string, change: Partial<Delivery> = {}): Delivery {
  return { ruleArn: "arn:rule", receiverArn: queue, body, attributes: {}, ...change };
}

describe("delivery to a local SQS", () => {
  let queues: LocalQueues;
  const batchSizes: number[] = [];

  beforeAll(async () => {
    queues = await startQueues(["offboard", "closed"]);
    queues.client.middlewareStack.add(
      (next, { commandName }) =>
        async (call) => {
          if (commandName === "SendMessageBatchCommand") batchSizes.push(entryCount(call.input));
          return next(call);
        },
      { step: "initialize" },
    );
  });

  afterAll(() => queues.close());

  function target() {
    return sqsTarget({
      client: queues.client,
      queueUrl: (arn) => queues.urls.get(arn),
      mayDeliver: (request) =>
        request.queueArn === closed ? { isAllowed: false, reason: "no policy" } : { isAllowed: true },
    });
  }

  it("delivers body and attributes", async () => {
    const result = await target()(deliveryOf('{"a":"ü"}', { attributes: { ERROR_CODE: "NO_RESOURCE" } }));
    const messages = await queues.drain(queue);
    expect({ result, bodies: messages.map(({ Body }) => Body) }).toEqual({
      result: { kind: "delivered" },
      bodies: ['{"a":"ü"}'],
    });
    expect(messages[0]?.MessageAttributes).toEqual({
      ERROR_CODE: { DataType: "String", StringValue: "NO_RESOURCE" },
    });
  });

  it("sends what waits for the same queue together, ten at most, and loses none", async () => {
    batchSizes.length = 0;
    const deliver = target();
    const results = await Promise.all(Array.from({ length: 205 }, (_, n) => deliver(deliveryOf(String(n)))));
    const bodies = (await queues.drain(queue)).map(({ Body }) => Number(Body)).sort((a, b) => a - b);
    expect({
      delivered: results.filter(({ kind }) => kind === "delivered").length,
      bodies,
      calls: batchSizes.length,
      largest: Math.max(...batchSizes),
    }).toEqual({ delivered: 205, bodies: Array.from({ length: 205 }, (_, n) => n), calls: 21, largest: 10 });
  });

  it("keeps a batch within SQS's 1 MiB", async () => {
    batchSizes.length = 0;
    const deliver = target();
    const results = await Promise.all(
      Array.from({ length: 6 }, () => deliver(deliveryOf("x".repeat(400_000)))),
    );
    expect({ kinds: results.map(({ kind }) => kind), batchSizes }).toEqual({
      kinds: Array.from({ length: 6 }, () => "delivered"),
      batchSizes: [2, 2, 2],
    });
    await queues.drain(queue);
  });

  it("refuses a queue that does not exist, for good", async () => {
    expect(await target()(deliveryOf("x", { receiverArn: queueArn("gone") }))).toMatchObject({
      code: "NO_RESOURCE",
      isRetryable: false,
    });
  });

  it("finds out that a queue was deleted from SQS's own answer", async () => {
    const url = `${queues.urls.get(queue)}-deleted`;
    const deliver = sqsTarget({
      client: queues.client,
      queueUrl: () => url,
      mayDeliver: () => ({ isAllowed: true }),
    });
    expect(await deliver(deliveryOf("x"))).toMatchObject({ code: "NO_RESOURCE", isRetryable: false });
  });

  it("refuses a queue whose policy does not let the rule in", async () => {
    expect(await target()(deliveryOf("x", { receiverArn: closed }))).toEqual({
      kind: "failed",
      code: "NO_PERMISSIONS",
      message: "no policy",
      isRetryable: false,
    });
  });

  it("passes SQS's refusal of one message on to that message alone", async () => {
    const deliver = target();
    const results = await Promise.all([
      deliver(deliveryOf("good")),
      deliver(deliveryOf("x".repeat(1_100_000))),
    ]);
    const bodies = (await queues.drain(queue)).map(({ Body }) => Body);
    expect({ kinds: results.map(({ kind }) => kind), bodies }).toEqual({
      kinds: ["delivered", "failed"],
      bodies: ["good"],
    });
  });
});

describe("a batch that SQS answers in part", () => {
  it("settles each message by its own line, and one without a line as failed", async () => {
    const server = createServer((_, response) => {
      const body = {
        Successful: [{ Id: "0", MessageId: "m", MD5OfMessageBody: "9dd4e461268c8034f5c8564e155c67a6" }],
        Failed: [
          { Id: "1", Code: "ThrottlingException", Message: "slow down", SenderFault: false },
          { Id: "2", Code: "InvalidMessageContents", Message: "bad", SenderFault: true },
        ],
      };
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const client = new SQSClient({ endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", credentials });
    const deliver = sqsTarget({
      client,
      queueUrl: () => `http://127.0.0.1:${port}/q`,
      mayDeliver: () => ({ isAllowed: true }),
    });
    const results = await Promise.all(["x", "y", "z", "w"].map((body) => deliver(deliveryOf(body))));
    client.destroy();
    server.close();
    expect(results).toEqual([
      { kind: "delivered" },
      { kind: "failed", code: "THROTTLING", message: "slow down", isRetryable: true },
      { kind: "failed", code: "INVALID_PARAMETER", message: "bad", isRetryable: false },
      {
        kind: "failed",
        code: "ERROR_FROM_TARGET",
        message: "SQS answered neither success nor failure for this message.",
        isRetryable: true,
      },
    ]);
  });
});

describe("an SQS that cannot be reached", () => {
  it("is a failure that may pass", async () => {
    const client = new SQSClient({
      endpoint: "http://127.0.0.1:1",
      region: "us-east-1",
      credentials,
      maxAttempts: 1,
    });
    const deliver = sqsTarget({
      client,
      queueUrl: () => "http://127.0.0.1:1/q",
      mayDeliver: () => ({ isAllowed: true }),
    });
    expect(await deliver(deliveryOf("x"))).toMatchObject({ code: "CONNECTION_FAILURE", isRetryable: true });
    client.destroy();
  });
});

function entryCount(input: object): number {
  return "Entries" in input && Array.isArray(input.Entries) ? input.Entries.length : 0;
}
