import type { LogLine } from "@rollcall/aws-local/invocation";
import { localAccount } from "@rollcall/aws-local/localAccount";
import { quickTimer } from "@rollcall/aws-local/scheduler";
import type { Stack } from "@rollcall/aws-local/stack";
import type { StackModel } from "@rollcall/aws-local/stackModel";
import { startDynamo } from "@rollcall/aws-local/startDynamo";
import { eventBridgeBus, sleep } from "../../src/events/eventBridge/eventBridgeBus.ts";
import type { EventLine } from "../../src/events/eventLines.ts";
import { publishEvents } from "../../src/events/publishEvents.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { startSimulatedChime } from "../directories/simulatedChime.ts";
import { startSampleScim } from "../sampleDay/sampleScim.ts";
import { type DirectoryStack, directoryWith, startDirectoryStack } from "../service/serviceStack.ts";
import { type LeaptOver, leapOnce, waitForCompletion } from "./awaitTime.ts";
import type { ChaosReport } from "./chaosReport.ts";
import {
  type DeadLetterEvent,
  deadlyEnvironment,
  drawDeadLetters,
  putUnchecked,
} from "./deadLetterEvents.ts";
import { type Disturbances, disturbances } from "./disturbances.ts";
import { drawDecisions, type HrEventLine, toArrivalOrder } from "./drawDecisions.ts";
import { scheduleDigest } from "./faults/scheduleDigest.ts";
import { startHeldOperator } from "./heldOperator.ts";
import { mixedReleases } from "./mixedReleases.ts";
import { readDirectoryStates, readTables } from "./oracle/observations.ts";
import { createPopulation, directoryOf, hidingAccount } from "./population.ts";
import { collectEvidence, toReport } from "./reportRun.ts";
import { type RunClock, startRunClock } from "./runClock.ts";
import { scanForLeaks } from "./scanForLeaks.ts";
import { undoInTheMiddle } from "./undoneFeed.ts";

export interface ChaosOptions {
  events: number;
  seed: number;
  packageDirectory: string;
  /** The package of the previous release, which about half of the execution environments run; absent for none. */
  previousDirectory?: string | undefined;
  /** Whether half of the people are at a SCIM target. */
  scim: boolean;
  /** The time after the last event in which every event has to end; what has not ended by then is stuck. */
  limitSeconds: number;
  onProgress: (text: string) => void;
  /**
   * Receives the output of the functions and the problems of the stack: with all the faults, many lines. After a run that was not sound
   * also the items of its tables, for the search of the cause.
   */
  onLog: (line: LogLine | { problem: string } | { item: unknown }) => void;
  /** Ends the run; its reason is thrown. */
  signal: AbortSignal;
}

/**
 * Sends HR's decisions through the packaged service while faults are injected and processes killed, waits until every event
 * has ended, and compares the directory, the ledger and the queues with the decisions. In the midst and at the end the clock leaps
 * over the hours in which decisions wait for their time.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const clock = await startRunClock();
  try {
    return await runWithClock(clock, options);
  } finally {
    clock.close();
  }
}

async function runWithClock(clock: RunClock, options: ChaosOptions): Promise<ChaosReport> {
  const { events, seed, packageDirectory, previousDirectory, scim, onLog } = options;
  const startedAt = Date.now();
  const population = createPopulation(events, { scim });
  const decisions = drawDecisions(population, { seed, events, startedAt });
  const sequence = toArrivalOrder(decisions, seed);
  const deadLetters = drawDeadLetters(population, { seed, events, startedAt });
  const injected = disturbances(seed, clock.now);
  const releases = previousDirectory === undefined ? undefined : mixedReleases(seed, previousDirectory);
  const scan = scanForLeaks(population.accounts.map(({ domain }) => domain));
  const liars = population.atScim.flatMap(({ id, lies }) => (lies === undefined ? [] : [id]));
  const target = await startSampleScim({ accounts: population.atScim, seed, now: clock.now });
  const chime = await startSimulatedChime({ accounts: directoryOf(population), seed, now: clock.now });
  const directories = [chime, target.directory];
  const faults = new Map(directories.map((directory) => [directory, injected.injectInto(directory)]));
  const stack = await startDirectoryStack({
    ...injected.options,
    packageDirectory,
    ...(releases && { otherPackage: releases.otherPackage }),
    // As on AWS: a lost response must end before its function does, so that the message is retried and not cut off.
    environment: { CLIENT_TIMEOUT_FACTOR: "1", ...clock.environment, ...deadlyEnvironment(seed) },
    directories,
    parameters: target.parameters,
    startDynamo: (tables) => startDynamo(tables, localAccount, injected.dynamo.plan, clock.now),
    adjust: adjustStack,
    adjustPolicy: (policy) => adjustPolicy(policy, events, { atScim: target.policyAccounts, liars }),
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
    const before = readDirectoryStates(
      (accountId) => directoryWith(directories, accountId),
      population.people,
    );
    const operator = startHeldOperator(seed, stack, clock.now);
    const ids = population.people.map(({ personId, sharedId = personId }) => sharedId);
    // A release before knows nothing of undos.
    const undo = async () => (releases === undefined ? undoInTheMiddle(seed, stack, ids, clock.now) : []);
    const { published, undone, stuck, leaptOver } = await publishAndWait(
      stack,
      { sequence, deadLetters },
      { clock, makeVisible: injected.makeVisible, undo },
      options,
    ).finally(operator.stop);
    const start = { decisions: [...decisions, ...undone], deadLetters, population, before, faults };
    const evidence = await collectEvidence(stack, start, injected, operator.record);
    const seconds = (Date.now() - startedAt) / 1000;
    const digest = scheduleDigest(seed, sequence, population);
    const leaps = { hours: clock.leaptHours(), over: leaptOver };
    const measured = { seed, events, published, undone: undone.length, stuck, seconds, digest, leaps };
    const report = toReport(measured, evidence, injected, { stack, faults, scan, operator: operator.record });
    if (report.findings.length > 0) for await (const item of readTables(stack)) onLog({ item });
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
  deadLetters: readonly DeadLetterEvent[];
}

async function publishAndWait(
  stack: DirectoryStack,
  { sequence, deadLetters }: RunInput,
  {
    clock,
    makeVisible,
    undo,
  }: { clock: RunClock; undo: () => Promise<HrEventLine[]> } & Pick<Disturbances, "makeVisible">,
  options: ChaosOptions,
): Promise<{ published: number; undone: HrEventLine[]; stuck: number; leaptOver: LeaptOver[] }> {
  const { onProgress, limitSeconds, signal } = options;
  const completion = { clock, onProgress, limitSeconds, signal };
  const timer = setInterval(() => void makeVisible(stack), 1000);
  const half = Math.ceil(sequence.length / 2);
  let sent = 0;
  let put = 0;
  const onPublished = async () => {
    sent += 1;
    onProgress(`published ${sent} of ${sequence.length} events`);
    const due = deadLetters.slice(put, Math.ceil((deadLetters.length * sent) / sequence.length));
    put += due.length;
    for (const { line } of due) await putUnchecked(stack, line);
  };
  try {
    await publishArrivals(stack, sequence.slice(0, half), { onPublished, signal });
    const first = await leapOnce(stack, completion);
    const undone = await undo();
    onProgress(`undid ${undone.length} decisions`);
    await publishArrivals(stack, sequence.slice(half), { onPublished, signal });
    const { stuck, leaptOver } = await waitForCompletion(stack, completion);
    return { published: sent, undone, stuck, leaptOver: [first, ...leaptOver] };
  } finally {
    clearInterval(timer);
  }
}

/**
 * Publishes the events in their order, as `rollcall publish` does. Throws if the bus did not accept one, because the run would prove
 * nothing then, and if `signal` ends the run.
 */
async function publishArrivals(
  stack: Pick<Stack, "model" | "eventBridge">,
  lines: readonly HrEventLine[],
  { onPublished, signal }: { onPublished: () => Promise<void>; signal: AbortSignal },
): Promise<void> {
  const [{ name } = { name: "default" }] = stack.model.buses;
  const bus = eventBridgeBus(stack.eventBridge, name);
  const results = publishEvents(lines.map(toEventLine), { bus, sleep, random: Math.random, signal });
  for await (const { line, ...result } of results) {
    if (result.status !== "accepted") {
      throw new Error(`The bus did not accept event ${line.number}: ${JSON.stringify(result)}`);
    }
    await onPublished();
  }
}

function toEventLine(line: HrEventLine, index: number): EventLine {
  return { number: index + 1, bytes: Buffer.from(JSON.stringify(line)) };
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
 * The policy of a run. The safeguard holds suspensions, which an operator releases or discards (`heldOperator.ts`). Leavers are
 * signed out and get a new PIN, so that faults hit these actions too. In all accounts but the first one their license is lowered a day
 * later.
 */
function adjustPolicy(
  policy: Policy,
  events: number,
  { atScim, liars }: { atScim: Policy["accounts"]; liars: readonly string[] },
): Policy {
  const suspensions = { atLeast: Math.ceil(events * suspensionsPerEvent), percent: 0 };
  const [team, ...others] = policy.accounts;
  if (team === undefined) throw new Error("the packaged policy has no account");
  const hiding = { ...team, id: hidingAccount.id, domains: [hidingAccount.domain] };
  return {
    ...policy,
    safeguard: { suspensions, windowMinutes: 1, immediate: 5 },
    afterSuspension: { signOut: true, resetPin: true, license: { to: "Basic", afterDays: 1 } },
    accounts: [
      { ...team, afterSuspension: { license: false } },
      hiding,
      ...others,
      // Of sessions and PINs SCIM knows nothing. Whoever still has access, though a target says otherwise, keeps the license.
      ...atScim.map((account) => ({
        ...account,
        afterSuspension: {
          signOut: false,
          resetPin: false,
          ...(liars.includes(account.id) && { license: false as const }),
        },
      })),
    ],
  };
}
