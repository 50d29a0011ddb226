import type { Invocation } from "@rollcall/aws-local/invocation";
import { type HandTimer, handTimer } from "@rollcall/aws-local/scheduler";
import type { Stack, StackOptions } from "@rollcall/aws-local/stack";
import type { StackModel } from "@rollcall/aws-local/stackModel";
import { waitUntilIdle } from "@rollcall/aws-local/waitUntilIdle";
import * as z from "zod";
import { parseJson } from "../../src/events/boundedJson.ts";
import type { EventLine } from "../../src/events/eventLines.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { countOf } from "../../src/operations/words/plainWords.ts";
import { startSimulatedChime } from "../directories/simulatedChime.ts";
import type { DirectoryUserNow, SimulatedDirectory } from "../directories/simulatedDirectory.ts";
import { sampleDirectory, scimSampleAccount } from "../sampleDay/sampleAccounts.ts";
import { startSampleScim } from "../sampleDay/sampleScim.ts";
import { queueLabel } from "../service/devAccount.ts";
import {
  type DirectoryStack,
  type DirectoryStackOptions,
  startDirectoryStack,
} from "../service/serviceStack.ts";
import type { DayReport, UserTally } from "./dayReport.ts";
import type { DayProgress } from "./dayTerminal.ts";
import { type PublishedDay, publishDay } from "./publishDay.ts";
import { countOutcomes, readReport } from "./readReport.ts";

export interface DayOptions extends Pick<DirectoryStackOptions, "packageDirectory" | "adjust"> {
  lines: AsyncIterable<EventLine>;
  progress: DayProgress;
  /** Ends the day; its reason is thrown. */
  signal?: AbortSignal;
  /** Told what had happened by the time at which the day failed, before that is thrown. */
  onUnfinished?: (report: DayReport) => void;
}

/** Longer than any batching window and some rounds of back-off. If nothing moves for longer, something is stuck. */
const limitSeconds = 600;

const minute = 60_000;

/**
 * Runs one HR day on the embedded stack, from the first event to the last message, and reports the results. It throws if
 * a function fails, because nothing on the embedded stack makes one fail, and if nothing moves for ten minutes: then
 * `onUnfinished` is told how far it came.
 */
export async function runDay({
  lines,
  progress,
  signal,
  onUnfinished,
  adjust = (model) => model,
  ...options
}: DayOptions): Promise<DayReport> {
  const startedAt = performance.now();
  const counter = countOutcomes();
  const watch = watchFunctions(signal);
  // What runs every minute runs when all else is done, so that nobody has to wait for what follows from a hire.
  const timer = handTimer();
  progress.stage("starting the embedded stack on 127.0.0.1");
  const scim = await startSampleScim({ accounts: [scimSampleAccount] });
  const stack = await startDirectoryStack({
    ...options,
    adjust: (model) => withoutHurry(adjust(model)),
    directories: [await startSimulatedChime({ accounts: sampleDirectory() }), scim.directory],
    parameters: scim.parameters,
    adjustPolicy: (policy) => ({ ...policy, accounts: [...policy.accounts, ...scim.policyAccounts] }),
    onLog: (line) => {
      counter.read(line);
      watch.onLog(line);
    },
    onBatch: watch.onBatch,
    timer,
    onProblem: progress.problem,
  });
  try {
    const compare = compareUsers(stack.directories);
    const day = await publish(stack, lines, progress, watch.signal);
    const report = async (): Promise<DayReport> => {
      progress.stage("reading the outcomes of the events");
      const read = await readReport(stack, day, counter);
      return { ...read, directory: compare(), seconds: (performance.now() - startedAt) / 1000 };
    };
    try {
      await drain(stack, timer, progress, watch.signal);
    } catch (error) {
      if (signal?.aborted !== true) await reportUnfinished(report, onUnfinished, progress);
      throw error;
    }
    return await report();
  } finally {
    await stack.close();
  }
}

function publish(
  stack: DirectoryStack,
  lines: AsyncIterable<EventLine>,
  progress: DayProgress,
  signal: AbortSignal,
): Promise<PublishedDay> {
  progress.stage("publishing the events");
  const onPublished = (count: number) => progress.detail(countOf(count, "event"));
  return publishDay(lines, stack, { onPublished, signal });
}

/** That the outcomes cannot be read any more must not hide why the day failed. */
async function reportUnfinished(
  report: () => Promise<DayReport>,
  onUnfinished: DayOptions["onUnfinished"],
  progress: DayProgress,
): Promise<void> {
  try {
    onUnfinished?.(await report());
  } catch (error) {
    progress.problem(`what had happened by then cannot be read: ${String(error)}`);
  }
}

/** Lambda's longest timeout. */
const longestTimeoutSeconds = 900;

/**
 * The same service with the longest timeouts that AWS allows: a timeout would measure how busy this machine is. A queue hides a
 * message for six times as long as the function may take, and some more, as AWS advises.
 */
function withoutHurry(model: StackModel): StackModel {
  const visibilityTimeoutSeconds = 6 * longestTimeoutSeconds + 300;
  const sources = new Set(model.mappings.map(({ queueArn }) => queueArn));
  return {
    ...model,
    functions: model.functions.map((fn) => ({ ...fn, timeoutSeconds: longestTimeoutSeconds })),
    queues: model.queues.map((queue) =>
      sources.has(queue.arn) ? { ...queue, visibilityTimeoutSeconds } : queue,
    ),
  };
}

/** The schedule runs only by hand, so that nothing is published while the outcomes are read. */
async function drain(
  stack: DirectoryStack,
  timer: HandTimer,
  progress: DayProgress,
  signal: AbortSignal,
): Promise<void> {
  const window = Math.max(...stack.model.mappings.map(({ windowSeconds }) => windowSeconds));
  progress.stage(`processing the queues, which gather events for up to ${window} s`);
  const idle = () =>
    waitUntilIdle(stack, {
      limitSeconds,
      signal,
      onWait: (waiting) =>
        progress.detail(waiting.map(({ queue, messages }) => `${queueLabel(queue)} ${messages}`).join(", ")),
    });
  await idle();
  while (await isAnythingDue(stack)) {
    timer.advance(minute);
    await stack.scheduler.tick();
    await idle();
  }
}

export interface FunctionWatch extends Required<Pick<StackOptions, "onLog" | "onBatch">> {
  /** Aborted by the first failure, with an Error that describes it, or together with the given signal. */
  signal: AbortSignal;
}

const errorEntry = z.object({ level: z.enum(["ERROR", "CRITICAL"]) });

/**
 * Watches for functions that fail. On the embedded stack that is a defect, or a package that cannot be loaded. The messages
 * would come again only after many minutes, and most likely fail again, so the day ends at once.
 */
export function watchFunctions(signal?: AbortSignal): FunctionWatch {
  const failure = new AbortController();
  const fail = (functionName: string, what: string) =>
    failure.abort(new Error(`The function ${functionName} ${what}`));
  return {
    signal: signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]),
    onLog: ({ functionName, line }) => {
      if (errorEntry.safeParse(parseJson(line)).success) fail(functionName, `reported an error: ${line}`);
    },
    onBatch: ({ functionName, invocation, reason }) => {
      if (invocation.kind !== "response") fail(functionName, describeFailure(invocation));
      else if (reason !== "succeeded" && reason !== "partial")
        fail(
          functionName,
          `returned a response that Lambda does not accept (${reason}): ${invocation.payload}`,
        );
    },
  };
}

function describeFailure(invocation: Exclude<Invocation, { kind: "response" }>): string {
  switch (invocation.kind) {
    case "error":
      return `failed with ${invocation.errorType}: ${invocation.errorMessage}`;
    case "timeout":
      return invocation.limit === "load"
        ? `was not loaded within ${invocation.seconds} s`
        : `ran longer than its timeout of ${invocation.seconds} s`;
    case "crashed":
      return `crashed: its process ended with ${invocation.signal ?? `exit code ${invocation.code}`}`;
  }
}

/** Counts the users of each account now. The returned function counts again, and returns both counts. */
function compareUsers(directories: readonly SimulatedDirectory[]): () => DayReport["directory"] {
  const accounts = directories.flatMap((directory) =>
    directory.accounts.map(({ accountId, type }) => {
      const tally = () => tallyUsers(directory.users(accountId));
      return { accountId, type, before: tally(), tally };
    }),
  );
  return () => accounts.map(({ tally, ...account }) => ({ ...account, after: tally() }));
}

function tallyUsers(users: readonly DirectoryUserNow[]): UserTally {
  const tally = { registered: 0, invited: 0, suspended: 0 };
  for (const { state } of users) tally[state === "unregistered" ? "invited" : state] += 1;
  return tally;
}

/** Whether a decision in the stack's ledger is due, so that the next scheduled run publishes it. */
async function isAnythingDue({ dynamo, model }: Pick<Stack, "dynamo" | "model">): Promise<boolean> {
  for (const { name: tableName } of model.tables) {
    const store = dynamoPendingStore({ dynamo: dynamo.client, tableName });
    for await (const _ of store.list(Date.now())) return true;
  }
  return false;
}
