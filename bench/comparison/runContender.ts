import * as z from "zod";
import type { ContenderName } from "../contenders/contenders.ts";
import { batchAnswer } from "../contenders/measured.ts";
import { invoke, startHandler } from "../contenders/startHandler.ts";
import { batchesOf, changesOf, type ScenarioName, toSqsRecord } from "../scenarios/scenarios.ts";
import { type ChimeReport, chimeReport, startServer } from "../servers/startServer.ts";

export interface RunOptions {
  records: number;
  latencyMilliseconds: number;
  /** The folder of the bundled handlers. */
  codeDirectory: string;
}

/** The results of one contender in one scenario. */
export interface Run {
  contender: ContenderName;
  /** The ids of the messages that it reported as failed, in its order. */
  failures: string[];
  chime: ChimeReport;
  /** From the first invocation to the last response. */
  wallMilliseconds: number;
  cpuMilliseconds: number;
  peakMemoryMegabytes: number;
}

const measuredResponse = z.object({
  answer: batchAnswer,
  cpuMilliseconds: z.number(),
  peakMemoryMegabytes: z.number(),
});

/** Sends a scenario's batches through a contender, one after the other, in fresh processes. */
export async function runContender(
  contender: ContenderName,
  scenario: ScenarioName,
  options: RunOptions,
): Promise<Run> {
  const { records, latencyMilliseconds } = options;
  const script = new URL("../servers/chimeServer.ts", import.meta.url);
  const chime = await startServer(script, [scenario, String(records), String(latencyMilliseconds)]);
  try {
    const used = await processAll(contender, scenario, options, { AWS_ENDPOINT_URL_CHIME: chime.url });
    return { contender, ...used, chime: chimeReport.parse(await chime.report()) };
  } finally {
    await chime.close();
  }
}

async function processAll(
  contender: ContenderName,
  scenario: ScenarioName,
  { records, codeDirectory }: RunOptions,
  environment: Record<string, string>,
): Promise<Omit<Run, "contender" | "chime">> {
  const lambda = startHandler(contender, { codeDirectory, environment });
  const failures: string[] = [];
  let wallMilliseconds = 0;
  let used = { cpuMilliseconds: 0, peakMemoryMegabytes: 0 };
  try {
    for (const batch of batchesOf(changesOf(scenario, records))) {
      const { value, milliseconds } = await invoke(lambda, { Records: batch.map(toSqsRecord) });
      const { answer, ...usedSoFar } = measuredResponse.parse(value);
      failures.push(...answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      wallMilliseconds += milliseconds;
      used = usedSoFar;
    }
    return { failures, wallMilliseconds, ...used };
  } finally {
    await lambda.close();
  }
}
