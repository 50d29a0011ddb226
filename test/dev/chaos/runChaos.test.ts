import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { isSound } from "../../../dev/chaos/chaosReport.ts";
import { createPopulation } from "../../../dev/chaos/population.ts";
import { adjustStack, runChaos } from "../../../dev/chaos/runChaos.ts";
import { devAccount } from "../../../dev/service/devAccount.ts";
import { readTemplate } from "../../../packages/aws-local/cloudformation/readTemplate.ts";
import { checkSettings } from "../../../packages/aws-local/eventSourceMapping/mappingSettings.ts";

describe("runChaos", () => {
  /** So many decisions of this seed are few, but they speak of somebody poisonous in both aspects. */
  const run = { events: 150, seed: 14 };

  it("a short run comes to the right end, and its logs name nobody whom it knows", async ({ signal }) => {
    const printed: string[] = [];
    const report = await runChaos({
      ...run,
      packageDirectory: inject("packagedService"),
      limitSeconds: 1200,
      onProgress: () => undefined,
      onLog: (line) => "line" in line && printed.push(line.line.toLowerCase()),
      signal,
    });
    expect({ sound: isSound(report), findings: report.findings }).toEqual({ sound: true, findings: [] });
    // Slower than the scan, and without its cleverness.
    const logs = printed.join("\n");
    const named = createPopulation(run.events).people.filter(({ email }) =>
      [email, encodeURIComponent(email)].some((written) => logs.includes(written)),
    );
    expect(named).toEqual([]);
    // What is printed while the stack closes comes after the report.
    expect(report.loggedLines).toBeGreaterThan(0.9 * printed.length);
    // It did come to refusing somebody by name, and that is what is left of them.
    expect(logs).toMatch(/cannot take \W*p\*\*\*@example\.(com|org)/);
  }, 1_500_000);
});

describe("adjustStack", () => {
  const file = join(inject("packagedService"), "cloudformation-template-update-stack.json");
  const queueUrl = (name: string) => `http://127.0.0.1/${name}`;
  const model = readTemplate(JSON.parse(readFileSync(file, "utf8")), { ...devAccount, queueUrl });
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
        const timeout =
          functions.find(({ arn }) => arn === mapping.functionArn)?.timeoutSeconds ?? Number.NaN;
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
});
