import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { isSound } from "../../../dev/chaos/chaosReport.ts";
import { createPopulation } from "../../../dev/chaos/population.ts";
import { adjustStack, runChaos } from "../../../dev/chaos/runChaos.ts";
import { devAccount } from "../../../dev/service/devAccount.ts";
import { readTemplate } from "../../../packages/aws-local/cloudformation/readTemplate.ts";
import { checkSettings } from "../../../packages/aws-local/eventSourceMapping/mappingSettings.ts";
import { packageWithScim } from "../../stack/packageWithScim.ts";

const packageDirectory = packageWithScim();

describe("a chaos run", () => {
  /** A short run whose people include one whose calls are always refused, in both aspects. */
  const run = { events: 150, seed: 14 };

  it("is sound for a few events, and its logs name none of its people", async ({ signal }) => {
    const printed: string[] = [];
    const report = await runChaos({
      ...run,
      scim: true,
      packageDirectory: packageDirectory(),
      // There is no other release here: the way through the other package is tested, and not what it does.
      previousDirectory: packageDirectory(),
      limitSeconds: 1200,
      onProgress: () => undefined,
      onLog: (line) => "line" in line && printed.push(line.line.toLowerCase()),
      signal,
    });
    expect({ sound: isSound(report), findings: report.findings }).toEqual({ sound: true, findings: [] });
    const { invocations = 0, peopleOfBoth = 0 } = report.previousRelease ?? {};
    expect([invocations > 0, invocations < report.invocations, peopleOfBoth > 0]).toEqual([true, true, true]);
    expect(Object.keys(report.dynamoFaults)).toContain("unprocessed");
    // What waits for its time is leapt over, and every other disturbance was seen to act. So short a run has no deadly record.
    const { leaptOver, deadLetters, sharedIds, hidden } = report;
    expect(
      [leaptOver.fromTheFuture, leaptOver.follows, hidden, sharedIds].map((count = 0) => count > 0),
    ).toEqual([true, true, true, true]);
    expect(Object.keys(deadLetters)).toEqual(expect.arrayContaining(["Malformed", "AddressShared"]));
    // A slower and simpler check than the scan.
    const logs = printed.join("\n");
    const named = createPopulation(run.events, { scim: true }).people.filter(({ email }) =>
      [email, encodeURIComponent(email)].some((written) => logs.includes(written)),
    );
    expect(named).toEqual([]);
    // What is printed while the stack closes comes after the report.
    expect(report.loggedLines).toBeGreaterThan(0.9 * printed.length);
    // A refusal did name somebody, and the log has the masked address.
    expect(logs).toMatch(/cannot take \W*p\*\*\*@example\.(com|org)/);
  }, 1_500_000);
});

describe("the service with shortened times", () => {
  const file = join(inject("packagedService"), "cloudformation-template-update-stack.json");
  const queueUrl = (name: string) => `http://127.0.0.1/${name}`;
  const model = readTemplate(JSON.parse(readFileSync(file, "utf8")), { ...devAccount, queueUrl });
  const quick = adjustStack(model);

  it("has short timeouts, windows and batches where functions process queues, and is otherwise as deployed", () => {
    const consumers = new Set(model.mappings.map(({ functionArn }) => functionArn));
    expect(quick.functions.map(({ name, timeoutSeconds }) => [name, timeoutSeconds])).toEqual(
      model.functions.map(({ name, arn, timeoutSeconds }) => [
        name,
        consumers.has(arn) ? 16 : timeoutSeconds,
      ]),
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
