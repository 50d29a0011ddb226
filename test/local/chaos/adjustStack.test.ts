import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { adjustStack } from "../../../src/local/chaos/adjustStack.ts";
import { readTemplate } from "../../../src/local/cloudformation/readTemplate.ts";
import { checkSettings } from "../../../src/local/eventSourceMapping/mappingSettings.ts";
import { localAccount } from "../../../src/local/stack/localAccount.ts";

const file = join(inject("packagedService"), "cloudformation-template-update-stack.json");
const queueUrl = (name: string) => `http://127.0.0.1/${name}`;
const model = readTemplate(JSON.parse(readFileSync(file, "utf8")), { ...localAccount, queueUrl });
const quick = adjustStack(model);

describe("the service in quick motion", () => {
  it("has short timeouts, windows and batches where queues are drained, and is else as it would be deployed", () => {
    const drains = new Set(model.mappings.map(({ functionArn }) => functionArn));
    expect(quick.functions.map(({ name, timeoutSeconds }) => [name, timeoutSeconds])).toEqual(
      model.functions.map(({ name, arn, timeoutSeconds }) => [name, drains.has(arn) ? 16 : timeoutSeconds]),
    );
    expect(
      new Set(quick.mappings.map(({ batchSize, windowSeconds }) => `${batchSize} in ${windowSeconds} s`)),
    ).toEqual(new Set(["120 in 1 s"]));
    expect({ ...quick, functions: [], mappings: [], queues: [] }).toEqual({
      ...model,
      functions: [],
      mappings: [],
      queues: [],
    });
  });

  it("keeps the rules of AWS: a queue hides its messages for longer than its function may take", () => {
    const { functions, queues, mappings } = quick;
    for (const mapping of mappings) {
      const timeout = functions.find(({ arn }) => arn === mapping.functionArn)?.timeoutSeconds ?? Number.NaN;
      const visibility =
        queues.find(({ arn }) => arn === mapping.queueArn)?.visibilityTimeoutSeconds ?? Number.NaN;
      expect(visibility).toBeGreaterThanOrEqual(timeout + mapping.windowSeconds);
      expect(() =>
        checkSettings({
          ...mapping,
          batchingWindowSeconds: mapping.windowSeconds,
          reportsBatchItemFailures: true,
        }),
      ).not.toThrow();
    }
  });
});
