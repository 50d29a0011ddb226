import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { StackModel } from "@rollcall/aws-local/stackModel";
import { waitUntilIdle } from "@rollcall/aws-local/waitUntilIdle";
import { rateLimit } from "@rollcall/chime-simulator/faultPlans";
import pMap from "p-map";
import { devAccount } from "../../dev/service/devAccount.ts";
import { type ServiceStack, startServiceStack } from "../../dev/service/serviceStack.ts";
import { DEFAULT_SOURCE } from "../../src/events/hrEvent.ts";
import { dynamoSafeguardStore } from "../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { allowSuspensions } from "../../src/safeguard/safeguard.ts";
import { benchAccount, benchPolicy, personOf } from "../scenarios/people.ts";
import { startServer } from "../servers/startServer.ts";
import type { DaySettings, SeenBatch } from "./dayFigures.ts";
import { processorSeconds, processorShares } from "./processorShares.ts";

export interface DayServiceOptions {
  packageDirectory: string;
  /** People of the account, from the first ordinal. */
  people: number;
  /** Of all functions, instead of the template's. */
  memoryMegabytes: number | undefined;
  settings: Pick<DaySettings, "callsPerSecond" | "latencyMilliseconds"> & {
    /** Calls that the directory takes at once. */
    burst: number;
  };
  /** Of each request. */
  dynamoMilliseconds: number;
  onProblem: (problem: string) => void;
}

/** The packaged service, as slow as on AWS, and what it did. */
export interface DayService {
  memoryMegabytes: number;
  windowSeconds: number;
  /** Why the functions are not limited; absent where they are. */
  unlimited?: string;
  /** Publishes that these people have left, in their order. */
  publish: (ordinals: readonly number[]) => Promise<void>;
  /** Waits until so many people are suspended. */
  untilSuspended: (people: number) => Promise<void>;
  /** Waits until every message has ended. */
  untilIdle: () => Promise<void>;
  suspensionCalls: () => ReturnType<ServiceStack["chime"]["calls"]["list"]>;
  batches: () => SeenBatch[];
  /** Of the offboard function's processes until now, loading included. */
  processorSeconds: () => number;
  /** Of DynamoDB's process until now. */
  dynamoProcessorSeconds: () => number;
  close: () => Promise<void>;
}

/** Longer than any back-off of the service: only what is stuck moves less. */
const stuckMilliseconds = 600_000;
const pollMilliseconds = 200;

/**
 * Starts the packaged service on the embedded stack. The functions get the processor time of their memory size, the directory and
 * DynamoDB take their time, and the emulators are as fast as this machine is. The safeguard counts, and an operator allows everybody
 * to leave.
 */
export async function startDayService(options: DayServiceOptions): Promise<DayService> {
  const { people, settings, memoryMegabytes, dynamoMilliseconds, packageDirectory, onProblem } = options;
  const account = benchAccount(people);
  const shares = processorShares();
  const pids = new Map<number, string>();
  const batches: SeenBatch[] = [];
  let dynamoPid = 0;
  const { safeguard: _, ...policy } = benchPolicy;
  const stack = await startServiceStack({
    packageDirectory,
    adjust: (model) => withMemory(model, memoryMegabytes),
    adjustPolicy: () => policy,
    startDynamo: async () => {
      const dynamo = await startDynamoProcess(packageDirectory, dynamoMilliseconds);
      dynamoPid = dynamo.pid;
      return dynamo;
    },
    chime: {
      accounts: [account],
      latencyMilliseconds: settings.latencyMilliseconds,
      faults: rateLimit(settings),
    },
    onProcess: (started) => {
      shares.limit(started);
      pids.set(started.pid, started.functionName);
    },
    onBatch: ({ invocation, deleted, retried, reason }) => {
      const records = deleted + retried;
      if (invocation.kind === "response")
        batches.push({ records, milliseconds: invocation.durationMilliseconds });
      else batches.push({ records });
      if (reason !== "succeeded" && reason !== "partial")
        onProblem(`a batch of ${records} ended with: ${reason}`);
    },
    onProblem,
  });
  const { model, chime } = stack;
  await allowAll(stack, account.id, people);
  const { fn, windowSeconds } = offboardIn(model);
  return {
    windowSeconds,
    memoryMegabytes: fn.memoryMegabytes,
    ...(shares.unlimited !== undefined && { unlimited: shares.unlimited }),
    publish: (ordinals) => publishLeavers(stack, ordinals),
    untilSuspended: (wanted) => waitFor(wanted, () => chime.directory.tally(account.id).Suspended),
    untilIdle: () => waitUntilIdle(stack),
    suspensionCalls: () => chime.calls.list("BatchSuspendUser"),
    batches: () => [...batches],
    processorSeconds: () =>
      [...pids].filter(([, name]) => name === fn.name).reduce((sum, [pid]) => sum + processorSeconds(pid), 0),
    dynamoProcessorSeconds: () => processorSeconds(dynamoPid),
    close: async () => {
      await stack.close();
      await shares.close();
    },
  };
}

function withMemory(model: StackModel, memoryMegabytes: number | undefined): StackModel {
  if (memoryMegabytes === undefined) return model;
  return { ...model, functions: model.functions.map((fn) => ({ ...fn, memoryMegabytes })) };
}

function offboardIn({ functions, mappings }: StackModel) {
  const fn = functions.find(({ environment }) => environment.PIPELINE === "offboard");
  const mapping = mappings.find(({ functionArn }) => functionArn === fn?.arn);
  if (fn === undefined || mapping === undefined)
    throw new Error("expected the offboard function and its mapping in the packaged template");
  return { fn, windowSeconds: mapping.windowSeconds };
}

/** dynalite does as much as all other emulators, so it has a process of its own. */
async function startDynamoProcess(packageDirectory: string, dynamoMilliseconds: number) {
  const script = new URL("../servers/dynamoServer.ts", import.meta.url);
  const server = await startServer(script, [packageDirectory, String(dynamoMilliseconds)]);
  const { region, credentials } = devAccount;
  const client = new DynamoDBClient({ region, credentials, endpoint: server.url });
  const close = async () => {
    client.destroy();
    await server.close();
  };
  return { ...server, client, close };
}

/** As `rollcall safeguard allow` does it. */
async function allowAll({ dynamo, model }: ServiceStack, accountId: string, people: number): Promise<void> {
  const store = dynamoSafeguardStore({ dynamo: dynamo.client, tableName: String(model.tables[0]?.name) });
  const now = Date.now();
  await allowSuspensions(store, accountId, { people, until: now + 86_400_000, by: "bench" }, now);
}

/** What PutEvents takes at most, and how many such calls a producer of ours has under way. */
const eventsPerCall = 10;
const callsAtOnce = 4;

async function publishLeavers(
  { eventBridge, model }: ServiceStack,
  ordinals: readonly number[],
): Promise<void> {
  const calls = Array.from({ length: Math.ceil(ordinals.length / eventsPerCall) }, (_, index) =>
    ordinals.slice(index * eventsPerCall, (index + 1) * eventsPerCall),
  );
  await pMap(
    calls,
    async (some) => {
      const Entries = some.map((ordinal) => ({
        EventBusName: model.buses[0]?.name,
        Source: DEFAULT_SOURCE,
        DetailType: "EmployeeLeft",
        Detail: leaverDetail(ordinal),
      }));
      const { FailedEntryCount } = await eventBridge.send(new PutEventsCommand({ Entries }));
      if (FailedEntryCount !== 0)
        throw new Error(`the bus refused ${FailedEntryCount} of ${some.length} events`);
    },
    { concurrency: callsAtOnce },
  );
}

function leaverDetail(ordinal: number): string {
  const metadata = { id: `hr-${ordinal}`, schemaVersion: "1.0", occurredAt: "2026-01-05T09:00:00Z" };
  return JSON.stringify({ metadata, data: personOf(ordinal) });
}

async function waitFor(wanted: number, count: () => number): Promise<void> {
  let last = count();
  let movedAt = Date.now();
  while (last < wanted) {
    await sleep(pollMilliseconds);
    const now = count();
    if (now !== last) movedAt = Date.now();
    last = now;
    if (Date.now() - movedAt > stuckMilliseconds)
      throw new Error(`Nobody was suspended for ten minutes: ${last} of ${wanted} people are.`);
  }
}
