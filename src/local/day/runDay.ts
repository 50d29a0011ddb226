import { setTimeout as sleep } from "node:timers/promises";
import { countOf } from "../../cli/terminal.ts";
import type { EventLine } from "../../events/readLines.ts";
import { quickTimer } from "../eventbridge/schedule/quickTimer.ts";
import type { ServiceStack, ServiceStackOptions } from "../stack/serviceStack.ts";
import { startServiceStack } from "../stack/serviceStack.ts";
import { waitUntilIdle } from "../stack/waitUntilIdle.ts";
import { compareUsers } from "./compareUsers.ts";
import { countOutcomes } from "./countOutcomes.ts";
import type { DayProgress } from "./dayProgress.ts";
import type { DayReport } from "./dayReport.ts";
import { isAnythingDue } from "./isAnythingDue.ts";
import { type PublishedDay, publishDay } from "./publishDay.ts";
import { queueLabel } from "./queueLabel.ts";
import { readReport } from "./readReport.ts";
import { sampleDirectory } from "./sampleDirectory.ts";
import { watchFunctions } from "./watchFunctions.ts";

export interface DayOptions extends Pick<ServiceStackOptions, "packageDirectory" | "adjust"> {
  lines: AsyncIterable<EventLine>;
  progress: DayProgress;
  /** Ends the day: its reason is thrown. */
  signal?: AbortSignal;
}

const pollMilliseconds = 200;

/** Longer than any window and some rounds of back-off. What takes longer is stuck. */
const limitSeconds = 600;

/** What runs every minute runs every ten seconds, so that nobody has to wait for what follows from a hire. */
const schedulesFasterBy = 6;

/**
 * Runs one HR day on the embedded stack, from the first event to the last message, and reports what it came to. Throws
 * if a function fails, which none may here, and if the day does not come to an end in ten minutes.
 */
export async function runDay({ lines, progress, signal, ...options }: DayOptions): Promise<DayReport> {
  const startedAt = performance.now();
  const counter = countOutcomes();
  const watch = watchFunctions(signal);
  progress.stage("starting the embedded stack on 127.0.0.1");
  const stack = await startServiceStack({
    ...options,
    // The sample day has the leavers of a month or two.
    adjustPolicy: (policy) => ({ ...policy, safeguard: { suspensions: { atLeast: 250 } } }),
    chime: { accounts: sampleDirectory() },
    onLog: (line) => {
      counter.read(line);
      watch.onLog(line);
    },
    onBatch: watch.onBatch,
    timer: quickTimer(schedulesFasterBy),
    onProblem: progress.problem,
  });
  try {
    const compare = compareUsers(stack.chime.directory);
    const day = await passDay(stack, lines, progress, watch.signal);
    progress.stage("reading what became of the events");
    const report = await readReport(stack, day, counter);
    const seconds = (performance.now() - startedAt) / 1000;
    return { ...report, directory: compare(), seconds };
  } finally {
    await stack.close();
  }
}

async function passDay(
  stack: ServiceStack,
  lines: AsyncIterable<EventLine>,
  progress: DayProgress,
  signal: AbortSignal,
): Promise<PublishedDay> {
  progress.stage("publishing the events");
  const onPublished = (count: number) => progress.detail(countOf(count, "event"));
  const day = await publishDay(lines, stack, { onPublished, signal });
  const window = Math.max(...stack.model.mappings.map(({ windowSeconds }) => windowSeconds));
  progress.stage(`draining the queues, which gather events for up to ${window} s`);
  const idle = () =>
    waitUntilIdle(stack, {
      limitSeconds,
      signal,
      onWait: (waiting) =>
        progress.detail(waiting.map(({ queue, messages }) => `${queueLabel(queue)} ${messages}`).join(", ")),
    });
  await idle();
  while (await isAnythingDue(stack)) {
    await sleep(pollMilliseconds, undefined, { signal });
    await idle();
  }
  // A decision whose day comes now would set out anew while its traces are being read.
  await stack.scheduler.close();
  await idle();
  return day;
}
