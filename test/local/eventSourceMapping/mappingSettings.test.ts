import { describe, expect, it } from "vitest";
import { checkSettings } from "../../../src/local/eventSourceMapping/mappingSettings.ts";

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
