import { SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countReceives, limitBackOffs } from "../../../dev/chaos/disturbances.ts";
import type { Invocation } from "../../../packages/aws-local/lambda/invocation.ts";

describe("a message with a long back-off", () => {
  const changed: unknown[] = [];
  const client = new SQSClient({ region: "us-east-1" });
  let isRefusing = false;
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        changed.push(input);
        if (isRefusing) throw new Error("the receipt handle is out of date");
        return { output: { $metadata: {} }, response: {} };
      },
    { step: "initialize" },
  );
  const stack = { sqs: client, queueUrl: (name: string) => `url of ${name}` };

  const record = (messageId: string) => ({
    messageId,
    receiptHandle: `handle of ${messageId}`,
    eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:offboard",
  });
  const batchOf = (...ids: string[]) => ({ Records: ids.map(record) });
  const failing = (...ids: string[]): Promise<Invocation> =>
    Promise.resolve({
      kind: "response",
      payload: JSON.stringify({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }),
      durationMilliseconds: 1,
    });
  const visible = (id: string) => ({
    QueueUrl: "url of offboard",
    ReceiptHandle: `handle of ${id}`,
    VisibilityTimeout: 0,
  });

  let now = 0;
  const recorded = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    now = 0;
    isRefusing = false;
  });
  afterEach(() => void changed.splice(0));

  it("is made visible once the limit is over, and only once", async () => {
    const { onInvocation, makeVisible } = limitBackOffs(20, () => now);
    onInvocation({ payload: batchOf("done", "failed"), ended: failing("failed") });
    await recorded();
    now = 19_999;
    await makeVisible(stack);
    const early = [...changed];
    now = 20_000;
    await makeVisible(stack);
    await makeVisible(stack);
    expect({ early, changed }).toEqual({ early: [], changed: [visible("failed")] });
  });

  it("is left alone while a function has it again", async () => {
    const { onInvocation, makeVisible } = limitBackOffs(20, () => now);
    onInvocation({ payload: batchOf("a"), ended: failing("a") });
    await recorded();
    onInvocation({ payload: batchOf("a"), ended: new Promise(() => undefined) });
    now = 60_000;
    await makeVisible(stack);
    expect(changed).toEqual([]);
  });

  it("is left to its queue's visibility timeout if its worker was killed", async () => {
    const { onInvocation, makeVisible } = limitBackOffs(20, () => now);
    onInvocation({
      payload: batchOf("a"),
      ended: Promise.resolve({ kind: "crashed", code: null, signal: "SIGKILL" }),
    });
    await recorded();
    now = 60_000;
    await makeVisible(stack);
    expect(changed).toEqual([]);
  });

  it("may have been received meanwhile: then SQS refuses, and nothing is lost", async () => {
    isRefusing = true;
    const { onInvocation, makeVisible } = limitBackOffs(20, () => now);
    onInvocation({ payload: batchOf("a"), ended: failing("a") });
    await recorded();
    now = 60_000;
    await makeVisible(stack);
    expect(changed).toEqual([visible("a")]);
  });
});

describe("the count of receives", () => {
  const record = (id: string, count: number) => ({
    body: JSON.stringify({ detail: { metadata: { id } } }),
    attributes: { ApproximateReceiveCount: String(count) },
  });

  it("keeps the highest of each event, and counts the records that came again", () => {
    const receives = countReceives();
    receives.onInvocation({ payload: { Records: [record("a", 1), record("b", 3)] } });
    receives.onInvocation({ payload: { Records: [record("a", 2), record("b", 1)] } });
    expect({ most: [...receives.most], redelivered: receives.redelivered() }).toEqual({
      most: [
        ["a", 2],
        ["b", 3],
      ],
      redelivered: 2,
    });
  });

  it("notes when the bus had the first and the last copy, also of what is published again", () => {
    const receives = countReceives();
    const copy = (time: string, busTime?: string) => ({
      body: JSON.stringify({ time, detail: { metadata: { id: "a", ...(busTime && { busTime }) } } }),
      attributes: { ApproximateReceiveCount: "1" },
    });
    const records = [
      copy("2026-05-14T10:00:00Z"),
      copy("2026-05-14T10:00:09Z"),
      copy("2026-05-14T12:00:00Z", "2026-05-14T10:00:05Z"),
    ];
    receives.onInvocation({ payload: { Records: records } });
    const first = Date.parse("2026-05-14T10:00:00Z");
    expect([...receives.busTimes]).toEqual([["a", { first, last: first + 9_000 }]]);
  });

  it("ignores what is no batch", () => {
    const receives = countReceives();
    receives.onInvocation({ payload: { source: "aws.events" } });
    expect([...receives.most]).toEqual([]);
  });
});
