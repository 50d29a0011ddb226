import { quickTimer } from "../eventbridge/schedule/quickTimer.ts";
import type { LogLine } from "../lambda/invocation.ts";
import type { ServiceStack } from "../stack/serviceStack.ts";
import { startServiceStack } from "../stack/serviceStack.ts";
import { adjustPolicy } from "./adjustPolicy.ts";
import { adjustStack } from "./adjustStack.ts";
import type { ChaosReport } from "./chaosReport.ts";
import { type Disturbances, disturbances } from "./disturbances.ts";
import { scheduleDigest } from "./faults/scheduleDigest.ts";
import { snapshot } from "./oracle/snapshot.ts";
import { publishArrivals } from "./publishArrivals.ts";
import { readRemains } from "./readRemains.ts";
import { scanForLeaks } from "./scanForLeaks.ts";
import { settle } from "./settle.ts";
import { arrivals } from "./stream/arrivals.ts";
import { drawDecisions } from "./stream/drawDecisions.ts";
import type { HrLine } from "./stream/hrLine.ts";
import { directoryOf, population } from "./stream/population.ts";
import { toReport } from "./toReport.ts";

export interface ChaosOptions {
  events: number;
  seed: number;
  packageDirectory: string;
  /** What has not come to its end so long after the last event is stuck. */
  limitSeconds: number;
  onProgress: (text: string) => void;
  /** Told what the functions print, and what the stack has to say. With all that is going wrong it is a lot. */
  onLog: (line: LogLine | { problem: string }) => void;
  /** Ends the run: its reason is thrown. */
  signal: AbortSignal;
}

/** What is due every minute is looked for every ten seconds. */
const scheduleSpeed = 6;

/**
 * Sends HR's decisions through the packaged service while everything around it fails and its processes are killed,
 * waits for the end and holds against the decisions what is there then.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { events, seed, packageDirectory, onLog } = options;
  const startedAt = Date.now();
  const everybody = population(events);
  const decisions = drawDecisions(everybody, { seed, events, startedAt });
  const sequence = arrivals(decisions, seed);
  const disturbed = disturbances(seed);
  const scan = scanForLeaks(everybody.accounts.map(({ domain }) => domain));
  const stack = await startServiceStack({
    ...disturbed.options,
    packageDirectory,
    chime: { accounts: directoryOf(everybody), seed, faults: disturbed.chime.plan },
    adjust: adjustStack,
    adjustPolicy,
    timer: quickTimer(scheduleSpeed),
    onLog: (line) => {
      scan.onLine(line);
      onLog(line);
    },
    onInvocation: (started) => {
      scan.onInvocation(started);
      disturbed.options.onInvocation(started);
    },
    onProblem: (problem) => onLog({ problem }),
  });
  try {
    const before = snapshot(stack.chime.directory, everybody.people);
    const { published, stuck } = await passThrough(stack, sequence, disturbed, options);
    const remains = await readRemains(stack, { seed, decisions, population: everybody, before }, disturbed);
    const seconds = (Date.now() - startedAt) / 1000;
    const digest = scheduleDigest(seed, sequence, everybody.people);
    return toReport({ seed, events, published, stuck, seconds, digest }, remains, disturbed, { stack, scan });
  } finally {
    await stack.close();
  }
}

async function passThrough(
  stack: ServiceStack,
  sequence: readonly HrLine[],
  { callUp }: Disturbances,
  { onProgress, ...options }: ChaosOptions,
): Promise<{ published: number; stuck: number }> {
  const callingUp = setInterval(() => void callUp(stack), 1000);
  try {
    const published = await publishArrivals(stack, sequence, {
      ...options,
      onPublished: (count) => onProgress(`published ${count} of ${sequence.length} events`),
    });
    return { published, stuck: await settle(stack, { ...options, onProgress }) };
  } finally {
    clearInterval(callingUp);
  }
}
