import type { LoggedCall } from "@rollcall/chime-simulator/callLog";
import { percentileOf, type Spread, spreadOf } from "../report/spread.ts";

/** What the directory does, and how long events are gathered. */
export interface DaySettings {
  windowSeconds: number;
  callsPerSecond: number;
  /** Of a call of the directory. */
  latencyMilliseconds: number;
}

/** A batch as Lambda handed it out and got it back. */
export interface SeenBatch {
  records: number;
  /** Absent if the function did not answer. */
  milliseconds?: number;
}

/** What the offboard function took. Loading is in its processor time, and not in its duration. */
export interface FunctionFigures {
  batches: number;
  recordsPerBatch: number;
  secondsPerBatch: Spread;
  processorSeconds: number;
  processorSecondsPerBatch: number;
  processorMillisecondsPerRecord: number;
  /** Memory times duration, which is what Lambda bills. */
  gigabyteSecondsPerBatch: number;
}

export interface LeaversFigures {
  leavers: number;
  suspended: number;
  /** From before the first event was published until the directory had suspended the last person. */
  seconds: number;
  callsTaken: number;
  /** By the rate limit. */
  callsRefused: number;
  usersPerCall: number;
  /** The window, and the fewest calls at the directory's rate. */
  idealSeconds: number;
  timesIdeal: number;
}

export interface TrickleFigures {
  events: number;
  suspended: number;
  windowSeconds: number;
  /** From an event to its person's suspension. */
  seconds: { p50: number; p95: number; max: number };
  callsTaken: number;
  callsRefused: number;
  usersPerCall: number;
}

/** What one call of the directory may carry, by its documentation: https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchSuspendUser.html */
const usersPerSuspension = 50;

/** The least time in which so many leavers can be suspended: all of them wait for the window, then the calls have to fit the rate. */
export function idealSeconds(leavers: number, { windowSeconds, callsPerSecond }: DaySettings): number {
  return windowSeconds + Math.ceil(leavers / usersPerSuspension) / callsPerSecond;
}

type SuspensionCall = Pick<LoggedCall, "at" | "tookEffect" | "users">;

/** @param calls all of BatchSuspendUser since `startedAt` */
export function leaversFigures(
  { leavers, startedAt }: { leavers: number; startedAt: number },
  calls: readonly SuspensionCall[],
  settings: DaySettings,
): LeaversFigures {
  const suspendedAt = suspensions(calls, settings);
  const lastAt = [...suspendedAt.values()].reduce((last, at) => Math.max(last, at), startedAt);
  const seconds = (lastAt - startedAt) / 1000;
  const ideal = idealSeconds(leavers, settings);
  return {
    leavers,
    suspended: suspendedAt.size,
    seconds,
    ...countCalls(calls, suspendedAt.size),
    idealSeconds: ideal,
    timesIdeal: seconds / ideal,
  };
}

/** @param publishedAt by the user's id */
export function trickleFigures(
  publishedAt: ReadonlyMap<string, number>,
  calls: readonly SuspensionCall[],
  settings: DaySettings,
): TrickleFigures {
  const suspendedAt = suspensions(calls, settings);
  const seconds = [...publishedAt].flatMap(([userId, at]) => {
    const end = suspendedAt.get(userId);
    return end === undefined ? [] : [(end - at) / 1000];
  });
  return {
    events: publishedAt.size,
    suspended: seconds.length,
    windowSeconds: settings.windowSeconds,
    seconds: {
      p50: percentileOf(seconds, 50),
      p95: percentileOf(seconds, 95),
      max: percentileOf(seconds, 100),
    },
    ...countCalls(calls, seconds.length),
  };
}

/** When each user was suspended first. A call is logged as it arrives, and takes effect after the latency. */
function suspensions(
  calls: readonly SuspensionCall[],
  { latencyMilliseconds }: DaySettings,
): Map<string, number> {
  const suspendedAt = new Map<string, number>();
  for (const { at, users } of calls.filter(({ tookEffect }) => tookEffect)) {
    for (const { sent } of users)
      suspendedAt.set(
        sent,
        Math.min(suspendedAt.get(sent) ?? Number.POSITIVE_INFINITY, at + latencyMilliseconds),
      );
  }
  return suspendedAt;
}

function countCalls(calls: readonly SuspensionCall[], users: number) {
  const callsTaken = calls.filter(({ tookEffect }) => tookEffect).length;
  return { callsTaken, callsRefused: calls.length - callsTaken, usersPerCall: users / callsTaken };
}

/** What the batches of a function took together. Throws if there were none that the function answered. */
export function functionFigures(
  batches: readonly SeenBatch[],
  processorSeconds: number,
  memoryMegabytes: number,
): FunctionFigures {
  const records = batches.reduce((sum, batch) => sum + batch.records, 0);
  const seconds = batches.flatMap(({ milliseconds }) =>
    milliseconds === undefined ? [] : [milliseconds / 1000],
  );
  const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  return {
    batches: batches.length,
    recordsPerBatch: records / batches.length,
    secondsPerBatch: spreadOf(seconds),
    processorSeconds,
    processorSecondsPerBatch: processorSeconds / batches.length,
    processorMillisecondsPerRecord: (1000 * processorSeconds) / records,
    gigabyteSecondsPerBatch: (mean * memoryMegabytes) / 1024,
  };
}
