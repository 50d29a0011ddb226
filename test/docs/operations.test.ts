import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as z from "zod";
import {
  alarmResources,
  oktaAlarms,
  publishDueAlarms,
  rosterAlarms,
  webhookAlarms,
} from "../../src/infra/alarms.ts";
import type { Resources } from "../../src/infra/cloudFormation.ts";
import { oktaIds } from "../../src/infra/names.ts";
import { pipelineNames, pipelines } from "../../src/pipelineSettings.ts";
import { root } from "./documents.ts";

const manual = readFileSync(`${root}/docs/operations.md`, "utf8");

it("the operator's manual says what to do about every alarm", () => {
  const alarms: Resources = {
    ...Object.assign(
      {},
      ...pipelineNames.map((name) => alarmResources(name, pipelines[name], undefined, true)),
    ),
    ...publishDueAlarms("Function", undefined),
    ...webhookAlarms("Function", undefined),
    ...oktaAlarms(oktaIds, undefined),
    ...rosterAlarms("Function", { sync: true, rateSeconds: 3600 }, undefined),
  };
  const names = Object.values(alarms).map(({ Properties }) => nameOf(Properties));
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => !isExplained(name))).toEqual([]);
});

const alarmName = z.object({ AlarmName: z.object({ "Fn::Sub": z.string() }) });

function nameOf(properties: unknown): string {
  return alarmName.parse(properties).AlarmName["Fn::Sub"].replace(/^.*AWS::StackName\}-/, "");
}

/** By its name, or by `…-` and what the alarms of all pipelines have in common. */
function isExplained(name: string): boolean {
  const shared = name.replace(new RegExp(`^(?:${pipelineNames.join("|")})-`), "…-");
  return [name, shared].some((text) => manual.includes(`\`${text}\``));
}
