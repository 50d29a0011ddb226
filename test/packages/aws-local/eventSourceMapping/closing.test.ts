import { DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { functionOf, type Mappings, startMappings, until } from "./startMappings.ts";

let mappings: Mappings;

beforeAll(async () => {
  mappings = await startMappings();
});

afterAll(() => mappings.close());

describe.concurrent("closing", () => {
  it("waits for the running invocation and deletes what it has done", async () => {
    const { queues, map } = mappings;
    const queueUrl = await queues.create();
    await queues.send(queueUrl, ["a"]);
    const mapping = await map({ queueUrl, lambda: functionOf(() => pause(300)) });
    await until(() => mapping.activity().invocationsRunning === 1);
    await mapping.close();
    const { deleted, messagesInHand, invocationsRunning } = mapping.activity();
    expect({ deleted, messagesInHand, invocationsRunning, left: await queues.count(queueUrl) }).toEqual({
      deleted: 1,
      messagesInHand: 0,
      invocationsRunning: 0,
      left: 0,
    });
  });

  it("gives up after its limit; what ends later deletes nothing", async () => {
    const { queues, map } = mappings;
    const queueUrl = await queues.create();
    await queues.send(queueUrl, ["a"]);
    let finish = () => {};
    const working = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const mapping = await map({ queueUrl, lambda: functionOf(() => working) });
    await until(() => mapping.activity().invocationsRunning === 1);
    await mapping.close(0.1);
    expect(mapping.activity().invocationsRunning).toBe(1);
    finish();
    await until(() => mapping.activity().invocationsRunning === 0);
    expect([mapping.activity().deleted, await queues.count(queueUrl)]).toEqual([0, 1]);
  });

  it("hands over nothing more: what was gathered becomes visible again", async () => {
    const { queues, map } = mappings;
    const queueUrl = await queues.create({ VisibilityTimeout: "1" });
    await queues.send(queueUrl, ["a", "b"]);
    const mapping = await map({
      queueUrl,
      lambda: functionOf(async () => {}, 1),
      batchSize: 100,
      batchingWindowSeconds: 60,
    });
    await until(() => mapping.activity().messagesInHand >= 2);
    await mapping.close();
    const { batches, messagesInHand } = mapping.activity();
    expect({ batches, messagesInHand, left: await queues.receiveBodies(queueUrl, 2) }).toEqual({
      batches: 0,
      messagesInHand: 0,
      left: ["a", "b"],
    });
  });
});

describe.concurrent("what goes wrong around it", () => {
  it("is told, and polling goes on, if messages cannot be received", async () => {
    const { queues, map } = mappings;
    const queueUrl = await queues.create();
    const mapping = await map({ queueUrl, lambda: functionOf(async () => {}) });
    await queues.client.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
    await until(() => mapping.problems.length >= 4);
    expect(new Set(mapping.problems.slice(1).map((problem) => problem.split(":").at(-2)?.trim()))).toEqual(
      new Set(["QueueDoesNotExist"]),
    );
  });

  it("is told, and the batch is retried, if the function cannot be invoked at all", async () => {
    const { queues, functionThat, map } = mappings;
    const queueUrl = await queues.create();
    await queues.send(queueUrl, ["a"]);
    const lambda = functionThat("");
    await lambda.close();
    const mapping = await map({ queueUrl, lambda });
    await until(() => mapping.activity().batches === 1);
    expect(mapping.activity()).toMatchObject({ deleted: 0, retriedByReason: { error: 1 } });
    expect(mapping.problems).toContainEqual(
      expect.stringContaining("The function was invoked after it was closed"),
    );
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
