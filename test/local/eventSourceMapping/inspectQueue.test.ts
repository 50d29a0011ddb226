import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { functionOf, type Mappings, startMappings } from "./startMappings.ts";

let mappings: Mappings;

beforeAll(async () => {
  mappings = await startMappings();
});

afterAll(() => mappings.close());

describe.concurrent("a mapping that cannot be", () => {
  it("is refused if the queue's visibility timeout is shorter than the function's timeout", async () => {
    const { queues, map } = mappings;
    const queueUrl = await queues.create({ VisibilityTimeout: "5" });
    await expect(map({ queueUrl, lambda: functionOf(async () => {}, 6) })).rejects.toThrow(
      "Queue visibility timeout: 5 seconds is less than Function timeout: 6 seconds",
    );
  });

  it("is refused for a FIFO queue, a filter or settings outside of AWS's limits", async () => {
    const { queues, map } = mappings;
    const lambda = functionOf(async () => {});
    const fifo = await queues.create({ FifoQueue: "true" });
    await expect(map({ queueUrl: fifo, lambda })).rejects.toThrow("is a FIFO queue");
    const queueUrl = await queues.create();
    await expect(map({ queueUrl, lambda, filterCriteria: {} })).rejects.toThrow(
      "filterCriteria are not supported",
    );
    await expect(map({ queueUrl, lambda, batchSize: 11 })).rejects.toThrow(
      "batchingWindowSeconds of at least 1",
    );
  });

  it("is warned of if the visibility timeout is below six times the function's timeout and the window", async () => {
    const { queues, map } = mappings;
    const warned = await map({
      queueUrl: await queues.create({ VisibilityTimeout: "10" }),
      lambda: functionOf(async () => {}, 2),
      batchingWindowSeconds: 1,
    });
    const silent = await map({
      queueUrl: await queues.create({ VisibilityTimeout: "13" }),
      lambda: functionOf(async () => {}, 2),
      batchingWindowSeconds: 1,
    });
    expect([warned.problems, silent.problems]).toEqual([
      [
        expect.stringContaining(
          "its visibility timeout is 10 s; AWS advises six times the function's timeout plus the window, 13 s",
        ),
      ],
      [],
    ]);
  });
});
