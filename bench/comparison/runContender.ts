import * as z from "zod";
import { type ContenderName, contenders } from "../contenders/contenders.ts";
import { batchAnswer } from "../contenders/measured.ts";
import { invoke, startHandler } from "../contenders/startHandler.ts";
import { batchesOf, changesOf, type ScenarioName, toSqsRecord } from "../scenarios/scenarios.ts";
import {
  type ChimeReport,
  chimeReport,
  type Server,
  startServer,
  tableReport,
} from "../servers/startServer.ts";

export interface RunOptions {
  records: number;
  latencyMilliseconds: number;
  /** Where the bundled handlers are. */
  codeDirectory: string;
  /** Where the packaged service is, whose table the ledger is kept in. */
  packageDirectory: string;
}

const measuredAnswer = z.object({
  answer: batchAnswer,
  cpuMilliseconds: z.number(),
  peakMemoryMegabytes: z.number(),
});

/** dynalite is slower than DynamoDB: what it takes must not look like an outage. */
const clientTimeoutFactor = "10";

/** Sends a scenario's batches through a contender, one after the other, everything started afresh. */
export async function runContender(
  contender: ContenderName,
  scenario: ScenarioName,
  options: RunOptions,
): Promise<Run> {
  const servers: Server[] = [];
  try {
    const { records, latencyMilliseconds } = options;
    const script = new URL("../servers/chimeServer.ts", import.meta.url);
    const chime = await startServer(script, [scenario, String(records), String(latencyMilliseconds)]);
    servers.push(chime);
    const table = await startTable(contender, options);
    if (table !== undefined) servers.push(table.server);
    const environment = { AWS_ENDPOINT_URL_CHIME: chime.url, ...table?.environment };
    const used = await drainAll(contender, scenario, { ...options, environment });
    return { contender, ...used, chime: chimeReport.parse(await chime.report()) };
  } finally {
    for (const server of servers) await server.close();
  }
}

/** DynamoDB in a process of its own, so that its work is not the contender's. */
async function startTable(
  contender: ContenderName,
  { packageDirectory }: RunOptions,
): Promise<{ server: Server; environment: Record<string, string> } | undefined> {
  const { table } = contenders[contender];
  if (table === "none") return undefined;
  const server = await startServer(new URL("../servers/dynamoServer.ts", import.meta.url), [
    packageDirectory,
  ]);
  const tableNames = tableReport.parse(await server.report());
  return {
    server,
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: server.url,
      TABLE_NAME: tableNames[table],
      CLIENT_TIMEOUT_FACTOR: clientTimeoutFactor,
    },
  };
}

async function drainAll(
  contender: ContenderName,
  scenario: ScenarioName,
  { records, codeDirectory, environment }: RunOptions & { environment: Record<string, string> },
): Promise<Omit<Run, "contender" | "chime">> {
  const lambda = startHandler(contenders[contender].file, { codeDirectory, environment });
  const failures: string[] = [];
  let wallMilliseconds = 0;
  let used = { cpuMilliseconds: 0, peakMemoryMegabytes: 0 };
  try {
    for (const batch of batchesOf(changesOf(scenario, records))) {
      const { value, milliseconds } = await invoke(lambda, { Records: batch.map(toSqsRecord) });
      const { answer, ...usedSoFar } = measuredAnswer.parse(value);
      failures.push(...answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      wallMilliseconds += milliseconds;
      used = usedSoFar;
    }
    return { failures, wallMilliseconds, ...used };
  } finally {
    await lambda.close();
  }
}

/** One contender's way through one scenario. */
export interface Run {
  contender: ContenderName;
  /** Ids of the messages that it reported as failed, in its order. */
  failures: string[];
  chime: ChimeReport;
  /** From the first batch handed over to the last answer. */
  wallMilliseconds: number;
  cpuMilliseconds: number;
  peakMemoryMegabytes: number;
}
