import { setTimeout as pause } from "node:timers/promises";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import type { LogLine } from "@rollcall/aws-local/invocation";
import { quickTimer } from "@rollcall/aws-local/scheduler";
import type { Stack } from "@rollcall/aws-local/stack";
import type { StackModel } from "@rollcall/aws-local/stackModel";
import { readDepths } from "@rollcall/aws-local/stackQueues";
import { waitUntilIdle } from "@rollcall/aws-local/waitUntilIdle";
import { eventBridgeBus, sleep } from "../../src/events/eventBridge/eventBridgeBus.ts";
import type { EventLine } from "../../src/events/eventLines.ts";
import { publishEvents } from "../../src/events/publishEvents.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { type ServiceStack, startServiceStack } from "../service/serviceStack.ts";
import type { ChaosReport } from "./chaosReport.ts";
import { type Disturbances, disturbances } from "./disturbances.ts";
import { drawDecisions, type HrEventLine, toArrivalOrder } from "./drawDecisions.ts";
import { scheduleDigest } from "./faults/scheduleDigest.ts";
import { startHeldOperator } from "./heldOperator.ts";
import { mixedReleases } from "./mixedReleases.ts";
import { readDirectoryStates } from "./oracle/observations.ts";
import { createPopulation, directoryOf } from "./population.ts";
import { collectEvidence, toReport } from "./reportRun.ts";
import { scanForLeaks } from "./scanForLeaks.ts";
import { drawUnknownZones, oneUnknownZoneIn, putUnchecked } from "./unknownZones.ts";

export interface ChaosOptions {
  events: number;
  seed: number;
  packageDirectory: string;
  /** The package of the previous release, which about half of the execution environments run; absent for none. */
  previousDirectory?: string | undefined;
  /** The time after the last event in which every event has to end; what has not ended by then is stuck. */
  limitSeconds: number;
  onProgress: (text: string) => void;
  /** Receives the output of the functions and the problems of the stack: with all the faults, many lines. */
  onLog: (line: LogLine | { problem: string }) => void;
  /** Ends the run; its reason is thrown. */
  signal: AbortSignal;
}

/**
 * Sends HR's decisions through the packaged service while faults are injected and processes killed, waits until every event
 * has ended, and compares the directory, the ledger and the queues with the decisions.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { events, seed, packageDirectory, previousDirectory, onLog } = options;
  const startedAt = Date.now();
  const population = createPopulation(events);
  const decisions = drawDecisions(population, { seed, events, startedAt });
  const sequence = toArrivalOrder(decisions, seed);
  const unknownZones = drawUnknownZones(population, { seed, events });
  const injected = disturbances(seed);
  const releases = previousDirectory === undefined ? undefined : mixedReleases(seed, previousDirectory);
  const scan = scanForLeaks(population.accounts.map(({ domain }) => domain));
  const stack = await startServiceStack({
    ...injected.options,
    packageDirectory,
    ...(releases && { otherPackage: releases.otherPackage }),
    // As on AWS: a lost response must end before its function does, so that the message is retried and not cut off.
    environment: { CLIENT_TIMEOUT_FACTOR: "1" },
    chime: { accounts: directoryOf(population), seed, faults: injected.chime.plan },
    adjust: adjustStack,
    adjustPolicy: (policy) => adjustPolicy(policy, events),
    timer: quickTimer(scheduleSpeed),
    onLog: (line) => {
      scan.onLine(line);
      onLog(line);
    },
    onInvocation: (started) => {
      scan.onInvocation(started);
      releases?.onInvocation(started);
      injected.options.onInvocation(started);
    },
    onProblem: (problem) => onLog({ problem }),
  });
  try {
    const before = readDirectoryStates(stack.chime.directory, population.people);
    const operator = startHeldOperator(seed, stack);
    const input = { sequence, unknownZones: [...unknownZones] };
    const { published, stuck } = await publishAndWait(stack, input, injected, options).finally(operator.stop);
    const start = { seed, decisions, unknownZones, population, before };
    const evidence = await collectEvidence(stack, start, injected, operator.record);
    const seconds = (Date.now() - startedAt) / 1000;
    const digest = scheduleDigest(seed, sequence, population.people);
    const measured = { seed, events, published, stuck, seconds, digest };
    const report = toReport(measured, evidence, injected, { stack, scan, operator: operator.record });
    return releases === undefined ? report : { ...report, previousRelease: releases.counts() };
  } finally {
    await stack.close();
  }
}

/** The function that publishes due decisions runs every ten seconds instead of every minute. */
const scheduleSpeed = 6;

/** The events of a run in their order of arrival, and those that are put between them. */
interface RunInput {
  sequence: readonly HrEventLine[];
  unknownZones: HrEventLine[];
}

async function publishAndWait(
  stack: ServiceStack,
  { sequence, unknownZones }: RunInput,
  { makeVisible }: Disturbances,
  { onProgress, ...options }: ChaosOptions,
): Promise<{ published: number; stuck: number }> {
  const timer = setInterval(() => void makeVisible(stack), 1000);
  try {
    const published = await publishArrivals(stack, sequence, {
      ...options,
      onPublished: async (count) => {
        onProgress(`published ${count} of ${sequence.length} events`);
        const unknown = count % oneUnknownZoneIn === 0 ? unknownZones.pop() : undefined;
        if (unknown !== undefined) await putUnchecked(stack, unknown);
      },
    });
    for (const unknown of unknownZones) await putUnchecked(stack, unknown);
    return { published, stuck: await waitForCompletion(stack, { ...options, onProgress }) };
  } finally {
    clearInterval(timer);
  }
}

/**
 * Publishes the events in their order, as `rollcall publish` does, and returns how many the bus accepted. Throws if it did
 * not accept one, because the run would prove nothing then, and if `signal` ends the run.
 */
async function publishArrivals(
  stack: Pick<Stack, "model" | "eventBridge">,
  lines: readonly HrEventLine[],
  { onPublished, signal }: { onPublished: (count: number) => Promise<void>; signal: AbortSignal },
): Promise<number> {
  const [{ name } = { name: "default" }] = stack.model.buses;
  const bus = eventBridgeBus(stack.eventBridge, name);
  let count = 0;
  const results = publishEvents(lines.map(toEventLine), { bus, sleep, random: Math.random, signal });
  for await (const { line, ...result } of results) {
    if (result.status !== "accepted") {
      throw new Error(`The bus did not accept event ${line.number}: ${JSON.stringify(result)}`);
    }
    count += 1;
    await onPublished(count);
  }
  return count;
}

function toEventLine(line: HrEventLine, index: number): EventLine {
  return { number: index + 1, bytes: Buffer.from(JSON.stringify(line)) };
}

interface CompletionOptions {
  limitSeconds: number;
  onProgress: (text: string) => void;
  /** Ends the waiting; its reason is thrown. */
  signal: AbortSignal;
}

const completionPollMilliseconds = 500;

/**
 * Waits until every event has ended, those that wait for their effect included. Returns how many messages and waiting
 * decisions were left after `limitSeconds`; 0 in a sound run.
 */
async function waitForCompletion(
  stack: Stack,
  { limitSeconds, onProgress, signal }: CompletionOptions,
): Promise<number> {
  const timeUp = AbortSignal.timeout(limitSeconds * 1000);
  const either = AbortSignal.any([signal, timeUp]);
  try {
    for (;;) {
      await waitUntilIdle(stack, {
        limitSeconds: Number.POSITIVE_INFINITY,
        signal: either,
        onWait: (waiting) =>
          onProgress(
            `processing: ${waiting.map(({ queue, messages }) => `${queue} ${messages}`).join(", ")}`,
          ),
      });
      const pending = await countPending(stack);
      if (pending === 0) return 0;
      onProgress(`${pending} decisions wait until they are due`);
      await pause(completionPollMilliseconds, undefined, { signal: either });
    }
  } catch (error) {
    if (signal.aborted || !timeUp.aborted) throw error;
    const depths = await readDepths(stack);
    return depths.reduce((sum, { messages }) => sum + messages, await countPending(stack));
  }
}

async function countPending({ dynamo, model }: Stack): Promise<number> {
  let count = 0;
  for (const { name: TableName } of model.tables) {
    const { Count = 0 } = await dynamo.client.send(
      new ScanCommand({ TableName, IndexName: "due", Select: "COUNT" }),
    );
    count += Count;
  }
  return count;
}

/**
 * The functions' timeout. It limits the leases, and so the time for which a killed worker blocks its people. It is long enough
 * for a batch on a busy machine.
 */
const timeoutSeconds = 16;
/** The time for which a killed worker's messages are hidden. AWS advises six times the timeout, and refuses less than it. */
const visibilitySeconds = 24;
/** Small batches give many invocations, and so more interleavings. */
const batchSize = 120;

/** Shortens the times of the packaged service, so that what takes minutes in AWS takes seconds. */
export function adjustStack(model: StackModel): StackModel {
  const consumers = new Set(model.mappings.map(({ functionArn }) => functionArn));
  const sources = new Set(model.mappings.map(({ queueArn }) => queueArn));
  return {
    ...model,
    functions: model.functions.map((fn) => (consumers.has(fn.arn) ? { ...fn, timeoutSeconds } : fn)),
    queues: model.queues.map((queue) =>
      sources.has(queue.arn) ? { ...queue, visibilityTimeoutSeconds: visibilitySeconds } : queue,
    ),
    mappings: model.mappings.map((mapping) => ({ ...mapping, batchSize, windowSeconds: 1 })),
  };
}

/** So many of the decisions may be suspensions of an account in a minute: of a run's leaves most are held. */
const suspensionsPerEvent = 1 / 40;

/**
 * The policy of a run. The safeguard holds suspensions, which an operator releases or discards (`heldOperator.ts`). Leavers are signed out and get a new PIN, so that faults hit these actions too.
 */
function adjustPolicy(policy: Policy, events: number): Policy {
  const suspensions = { atLeast: Math.ceil(events * suspensionsPerEvent), percent: 0 };
  return {
    ...policy,
    safeguard: { suspensions, windowMinutes: 1, immediate: 5 },
    afterSuspension: { signOut: true, resetPin: true },
  };
}
