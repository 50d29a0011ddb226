import type { Invocation } from "@rollcall/aws-local/invocation";
import { type HandTimer, handTimer } from "@rollcall/aws-local/scheduler";
import type { Stack, StackOptions } from "@rollcall/aws-local/stack";
import { waitUntilIdle } from "@rollcall/aws-local/waitUntilIdle";
import type { DirectoryAccess } from "@rollcall/chime-simulator/directoryAccess";
import * as z from "zod";
import { countOf } from "../../src/cli/textLayout.ts";
import { parseJson } from "../../src/events/boundedJson.ts";
import type { EventLine } from "../../src/events/eventLines.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { sampleDirectory } from "../sampleDay/sampleAccounts.ts";
import { queueLabel } from "../service/devAccount.ts";
import { type ServiceStack, type ServiceStackOptions, startServiceStack } from "../service/serviceStack.ts";
import type { DayReport, UserTally } from "./dayReport.ts";
import type { DayProgress } from "./dayTerminal.ts";
import { type PublishedDay, publishDay } from "./publishDay.ts";
import { countOutcomes, readReport } from "./readReport.ts";

export interface DayOptions extends Pick<ServiceStackOptions, "packageDirectory" | "adjust"> {
  lines: AsyncIterable<EventLine>;
  progress: DayProgress;
  /** Ends the day; its reason is thrown. */
  signal?: AbortSignal;
}

/** Longer than any batching window and some rounds of back-off. If nothing moves for longer, something is stuck. */
const limitSeconds = 600;

const minute = 60_000;

/**
 * Runs one HR day on the embedded stack, from the first event to the last message, and reports the results. It throws if
 * a function fails, because nothing on the embedded stack makes one fail, and if nothing moves for ten minutes.
 */
export async function runDay({ lines, progress, signal, ...options }: DayOptions): Promise<DayReport> {
  const startedAt = performance.now();
  const counter = countOutcomes();
  const watch = watchFunctions(signal);
  // What runs every minute runs when all else is done, so that nobody has to wait for what follows from a hire.
  const timer = handTimer();
  progress.stage("starting the embedded stack on 127.0.0.1");
  const stack = await startServiceStack({
    ...options,
    // The sample day has as many leavers as a month or two, more than the packaged policy allows.
    adjustPolicy: (policy) => ({ ...policy, safeguard: { suspensions: { atLeast: 250 } } }),
    chime: { accounts: sampleDirectory() },
    onLog: (line) => {
      counter.read(line);
      watch.onLog(line);
    },
    onBatch: watch.onBatch,
    timer,
    onProblem: progress.problem,
  });
  try {
    const compare = compareUsers(stack.chime.directory);
    const day = await publish(stack, lines, progress, watch.signal);
    await drain(stack, timer, progress, watch.signal);
    progress.stage("reading the outcomes of the events");
    const report = await readReport(stack, day, counter);
    const seconds = (performance.now() - startedAt) / 1000;
    return { ...report, directory: compare(), seconds };
  } finally {
    await stack.close();
  }
}

function publish(
  stack: ServiceStack,
  lines: AsyncIterable<EventLine>,
  progress: DayProgress,
  signal: AbortSignal,
): Promise<PublishedDay> {
  progress.stage("publishing the events");
  const onPublished = (count: number) => progress.detail(countOf(count, "event"));
  return publishDay(lines, stack, { onPublished, signal });
}

/** The schedule runs only by hand, so that nothing is published while the outcomes are read. */
async function drain(
  stack: ServiceStack,
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
      return "ran into its timeout";
    case "crashed":
      return `crashed: its process ended with ${invocation.signal ?? `exit code ${invocation.code}`}`;
  }
}

/** Counts the users of each account now. The returned function counts again, and returns both counts. */
function compareUsers(directory: DirectoryAccess): () => DayReport["directory"] {
  const tally = (accountId: string): UserTally => {
    const { Registered, Suspended, Unregistered } = directory.tally(accountId);
    return { registered: Registered, invited: Unregistered, suspended: Suspended };
  };
  const accounts = directory.accounts().map(({ id, type }) => ({ accountId: id, type, before: tally(id) }));
  return () => accounts.map((account) => ({ ...account, after: tally(account.accountId) }));
}

/** Whether a decision in the stack's ledger is due, so that the next scheduled run publishes it. */
async function isAnythingDue({ dynamo, model }: Pick<Stack, "dynamo" | "model">): Promise<boolean> {
  for (const { name: tableName } of model.tables) {
    const store = dynamoPendingStore({ dynamo: dynamo.client, tableName });
    for await (const _ of store.list(Date.now())) return true;
  }
  return false;
}
