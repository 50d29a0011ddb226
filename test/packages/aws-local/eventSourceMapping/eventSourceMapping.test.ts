import { createHash } from "node:crypto";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InvokedFunction } from "../../../../packages/aws-local/eventSourceMapping/invokeWithBatch.ts";
import { functionOf, type Mappings, startMappings, until } from "./startMappings.ts";

let mappings: Mappings;

beforeAll(async () => {
  mappings = await startMappings();
});

afterAll(() => mappings.close());

describe.concurrent("the event", () => {
  it("holds the records as Lambda gives them", async () => {
    const { queues, map } = mappings;
    const queueUrl = await queues.create();
    const events: unknown[] = [];
    const lambda = functionOf(async (event) => void events.push(event));
    await queues.client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: "héllo",
        MessageAttributes: {
          kind: { DataType: "String", StringValue: "greeting" },
          key: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) },
        },
        MessageSystemAttributes: {
          AWSTraceHeader: { DataType: "String", StringValue: "Root=1-5759e988-bd862e3fe1be46a994272793" },
        },
      }),
    );
    await map({ queueUrl, lambda });
    await until(() => events.length === 1);
    const lists = { stringListValues: [], binaryListValues: [] };
    expect(events).toEqual([
      {
        Records: [
          {
            messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            receiptHandle: expect.any(String),
            body: "héllo",
            attributes: {
              ApproximateReceiveCount: "1",
              SentTimestamp: expect.stringMatching(/^\d{13}$/),
              SenderId: expect.any(String),
              ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
              AWSTraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793",
            },
            messageAttributes: {
              kind: { stringValue: "greeting", ...lists, dataType: "String" },
              key: { binaryValue: "AQL/", ...lists, dataType: "Binary" },
            },
            md5OfBody: createHash("md5").update("héllo").digest("hex"),
            md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
            eventSource: "aws:sqs",
            eventSourceARN: await queues.arn(queueUrl),
            awsRegion: "us-east-1",
          },
        ],
      },
    ]);
  });

  it("is never more than 6 MB, and the messages without room are in the next ones", async () => {
    const { queues, functionThat, map } = mappings;
    const queueUrl = await queues.create();
    for (let at = 0; at < 24; at += 1) await queues.send(queueUrl, [`${at} `.padEnd(700_000, "x")]);
    const lambda = functionThat("");
    const closedBy: string[] = [];
    const mapping = await map({
      queueUrl,
      lambda,
      batchSize: 1000,
      batchingWindowSeconds: 1,
      onBatch: (batch) => closedBy.push(`${batch.invocation.kind} ${batch.closedBy}`),
    });
    await until(() => mapping.activity().records === 24);
    expect(mapping.activity()).toMatchObject({ deleted: 24, retried: 0 });
    expect(new Set(closedBy)).toEqual(new Set(["response bytes", "response window"]));
  });
});

describe.concurrent("batches", () => {
  it("have at most their size, and hand every message over exactly once", async () => {
    const { queues, map } = mappings;
    const queueUrl = await queues.create({ VisibilityTimeout: "60" });
    const sent = Array.from({ length: 3000 }, (_, at) => `message ${at}`);
    await queues.send(queueUrl, sent);
    const seen: string[] = [];
    const sizes: number[] = [];
    const lambda = functionOf(async ({ Records }) => {
      sizes.push(Records.length);
      seen.push(...Records.map(({ body }) => body));
    });
    const mapping = await map({ queueUrl, lambda, batchSize: 400, batchingWindowSeconds: 1 });
    await until(() => mapping.activity().deleted === 3000);
    // A slow machine may not fill one within the window; `gatherBatch.test.ts` tells by a clock of its own that they fill.
    const isTooLarge = sizes.some((size) => size > 400);
    expect([isTooLarge, seen.length, new Set(seen)]).toEqual([false, 3000, new Set(sent)]);
    expect(await queues.count(queueUrl)).toBe(0);
  });

  it("wait for their window, from the first message on", async () => {
    const { queues, map } = mappings;
    const queueUrl = await queues.create();
    const invokedAt: number[] = [];
    const lambda = functionOf(async () => void invokedAt.push(Date.now()));
    await map({ queueUrl, lambda, batchSize: 100, batchingWindowSeconds: 1 });
    const sentAt = Date.now();
    await queues.send(queueUrl, ["one"]);
    await until(() => invokedAt.length === 1);
    // That they wait no longer is told by a clock of its own in `gatherBatch.test.ts`.
    expect((invokedAt[0] ?? 0) - sentAt).toBeGreaterThanOrEqual(1000);
  });

  it("are never more at once than the maximum concurrency, each in a process of its own", async () => {
    const { queues, functionThat, map } = mappings;
    const queueUrl = await queues.create();
    await queues.send(queueUrl, Array.from({ length: 40 }, String));
    const lambda = functionThat("wait a little");
    let running = 0;
    let most = 0;
    const counted: InvokedFunction = {
      timeoutSeconds: lambda.timeoutSeconds,
      async invoke(event) {
        running += 1;
        most = Math.max(most, running);
        const invocation = await lambda.invoke(event);
        running -= 1;
        return invocation;
      },
    };
    const mapping = await map({ queueUrl, lambda: counted, batchSize: 1, maximumConcurrency: 3 });
    await until(() => mapping.activity().deleted === 40);
    expect([most, lambda.environments.length, mapping.activity().batches]).toEqual([3, 3, 40]);
  });
});
