import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkSettings } from "../../../../packages/aws-local/eventSourceMapping/mappingSettings.ts";
import { functionOf, type Mappings, startMappings } from "./startMappings.ts";

describe("mappingSettings", () => {
  const reportsBatchItemFailures = true;

  describe("checkSettings", () => {
    it("fills in what AWS takes for granted", () => {
      expect(checkSettings({ reportsBatchItemFailures: false })).toEqual({
        batchSize: 10,
        batchingWindowSeconds: 0,
        maximumConcurrency: 5,
        reportsBatchItemFailures: false,
      });
    });

    it.each([
      { batchSize: 1, batchingWindowSeconds: 0, maximumConcurrency: 2 },
      { batchSize: 10, batchingWindowSeconds: 0, maximumConcurrency: 1000 },
      { batchSize: 11, batchingWindowSeconds: 1, maximumConcurrency: 2 },
      { batchSize: 10_000, batchingWindowSeconds: 300, maximumConcurrency: 2 },
    ])("accepts %o", (settings) => {
      expect(checkSettings({ ...settings, reportsBatchItemFailures })).toEqual({
        ...settings,
        reportsBatchItemFailures,
      });
    });

    it.each([
      [{ batchSize: 0 }, "batchSize must be a whole number from 1 to 10000, but it is 0"],
      [{ batchSize: 10_001, batchingWindowSeconds: 1 }, "batchSize must be a whole number from 1 to 10000"],
      [{ batchSize: 11 }, "a batchSize of 11 needs a batchingWindowSeconds of at least 1, but it is 0"],
      [{ batchingWindowSeconds: 301 }, "batchingWindowSeconds must be a whole number from 0 to 300"],
      [{ batchingWindowSeconds: 0.5 }, "batchingWindowSeconds must be a whole number"],
      [{ maximumConcurrency: 1 }, "maximumConcurrency must be a whole number from 2 to 1000, but it is 1"],
      [{ maximumConcurrency: 1001 }, "maximumConcurrency must be a whole number from 2 to 1000"],
      [{ filterCriteria: { Filters: [] } }, "filterCriteria are not supported"],
    ])("refuses %o", (settings, message) => {
      expect(() => checkSettings({ ...settings, reportsBatchItemFailures })).toThrow(message);
    });

    it("names everything that is wrong at once", () => {
      expect(() => checkSettings({ batchSize: 0, maximumConcurrency: 1, reportsBatchItemFailures })).toThrow(
        /batchSize .*; maximumConcurrency /,
      );
    });
  });
});

describe("inspectQueue", () => {
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
});
