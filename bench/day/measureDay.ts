import { setTimeout as sleep } from "node:timers/promises";
import { packageService, withTemporaryFolder } from "../../dev/service/packageService.ts";
import { describeMachine, type Machine } from "../report/machine.ts";
import { type Spread, spreadOf } from "../report/spread.ts";
import { personOf } from "../scenarios/people.ts";
import {
  type FunctionFigures,
  functionFigures,
  type LeaversFigures,
  leaversFigures,
  type TrickleFigures,
  trickleFigures,
} from "./dayFigures.ts";
import { type DayService, startDayService } from "./dayService.ts";
import { processorShare } from "./processorShares.ts";

export interface DayOptions {
  leavers: number;
  /** Of the leavers, each on a service that was started afresh. */
  runs: number;
  /** How long one event a second comes after the last run. */
  trickleSeconds: number;
  callsPerSecond: number;
  /** Calls that the directory takes at once: what it was not asked for is saved up to this. */
  burst: number;
  memoryMegabytes?: number;
  /** Told what is going on, a line at a time. */
  onProgress: (text: string) => void;
}

/** What `npm run bench -- --day --json` prints. */
export interface DayBenchReport {
  environment: Machine & {
    memoryMegabytes: number;
    /** Of a function's process. */
    processors: number;
    /** Why the functions were not limited to that; absent where they were. */
    unlimited?: string;
    callsPerSecond: number;
    burst: number;
    latencyMilliseconds: number;
    dynamoMilliseconds: number;
  };
  runs: RunOfLeavers[];
  /** Of the runs. */
  timesIdeal: Spread;
  trickle: TrickleFigures;
  /** Batches that failed, and people who were not suspended. */
  faults: string[];
}

export interface RunOfLeavers extends LeaversFigures {
  function: FunctionFigures;
  /**
   * The processor time of DynamoDB's process, and of that of all other emulators, which the bench shares. If they are near the
   * run's own time, it is the emulators that are measured.
   */
  emulators: { dynamoSeconds: number; otherSeconds: number };
}

const latencyMilliseconds = 20;
const dynamoMilliseconds = 5;

/** Leavers all at once, so often, and then a trickle, through the packaged service on the embedded stack. */
export function measureDay(options: DayOptions): Promise<DayBenchReport> {
  const { leavers, trickleSeconds, callsPerSecond, burst, memoryMegabytes, onProgress } = options;
  const machine = describeMachine();
  return withTemporaryFolder("bench-day", async (packageDirectory) => {
    onProgress("packaging the service as it would be deployed");
    await packageService(packageDirectory);
    const faults: string[] = [];
    const start = () =>
      startDayService({
        packageDirectory,
        people: leavers + trickleSeconds,
        memoryMegabytes,
        settings: { callsPerSecond, burst, latencyMilliseconds },
        dynamoMilliseconds,
        onProblem: (problem) => faults.push(problem),
      });
    const runs: RunOfLeavers[] = [];
    for (let run = 1; run < options.runs; run += 1) {
      const service = await start();
      try {
        runs.push(await leave(service, run, options));
      } finally {
        await service.close();
      }
    }
    const service = await start();
    try {
      runs.push(await leave(service, options.runs, options));
      const trickle = await tricklePast(service, options);
      const { memoryMegabytes: memory, unlimited } = service;
      return {
        environment: {
          ...machine,
          memoryMegabytes: memory,
          processors: processorShare(memory),
          ...(unlimited !== undefined && { unlimited }),
          callsPerSecond,
          burst,
          latencyMilliseconds,
          dynamoMilliseconds,
        },
        runs,
        timesIdeal: spreadOf(runs.map(({ timesIdeal }) => timesIdeal)),
        trickle,
        faults,
      };
    } finally {
      await service.close();
    }
  });
}

async function leave(
  service: DayService,
  run: number,
  { leavers, runs, callsPerSecond, onProgress }: DayOptions,
): Promise<RunOfLeavers> {
  onProgress(`run ${run} of ${runs}: ${leavers} leavers at once`);
  const startedAt = Date.now();
  const usedBefore = process.cpuUsage();
  const dynamoBefore = service.dynamoProcessorSeconds();
  await service.publish(ordinals(1, leavers));
  await service.untilSuspended(leavers);
  const { user, system } = process.cpuUsage(usedBefore);
  const dynamoSeconds = service.dynamoProcessorSeconds() - dynamoBefore;
  await service.untilIdle();
  const { windowSeconds } = service;
  return {
    ...leaversFigures({ leavers, startedAt }, service.suspensionCalls(), {
      windowSeconds,
      callsPerSecond,
      latencyMilliseconds,
    }),
    function: functionFigures(service.batches(), service.processorSeconds(), service.memoryMegabytes),
    emulators: { dynamoSeconds, otherSeconds: (user + system) / 1e6 },
  };
}

/** Warm functions get one event a second, as on any other day. */
async function tricklePast(
  service: DayService,
  { leavers, trickleSeconds, callsPerSecond, onProgress }: DayOptions,
): Promise<TrickleFigures> {
  onProgress(`one event a second for ${trickleSeconds} s`);
  const callsBefore = service.suspensionCalls().length;
  const publishedAt = new Map<string, number>();
  const startedAt = Date.now();
  for (const ordinal of ordinals(leavers + 1, trickleSeconds)) {
    await sleep(startedAt + publishedAt.size * 1000 - Date.now());
    publishedAt.set(personOf(ordinal).userId, Date.now());
    await service.publish([ordinal]);
  }
  await service.untilSuspended(leavers + trickleSeconds);
  await service.untilIdle();
  const { windowSeconds } = service;
  return trickleFigures(publishedAt, service.suspensionCalls().slice(callsBefore), {
    windowSeconds,
    callsPerSecond,
    latencyMilliseconds,
  });
}

const ordinals = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
