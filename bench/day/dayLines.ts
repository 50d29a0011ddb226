import { machineLine } from "../report/machine.ts";
import { renderTable } from "../report/renderReport.ts";
import type { TrickleFigures } from "./dayFigures.ts";
import type { DayBenchReport, RunOfLeavers } from "./measureDay.ts";

/** The report for people, as lines of text. */
export function dayLines({ environment, runs, timesIdeal, trickle, faults }: DayBenchReport): string[] {
  const {
    memoryMegabytes,
    processors,
    unlimited,
    callsPerSecond,
    burst,
    latencyMilliseconds,
    dynamoMilliseconds,
  } = environment;
  const [first] = runs;
  return [
    `${whole(first?.leavers ?? 0)} leavers at once, functions of ${whole(memoryMegabytes)} MB`,
    machineLine(environment),
    `The directory takes ${callsPerSecond} calls/s, ${burst} at once, and ${latencyMilliseconds} ms a call; DynamoDB takes ${dynamoMilliseconds} ms a request.`,
    unlimited === undefined
      ? `Each process of a function has ${processors.toFixed(2)} of a processor; the emulators are not limited.`
      : `THE FUNCTIONS ARE NOT LIMITED to ${processors.toFixed(2)} of a processor: ${unlimited}`,
    "",
    ...runLines(runs),
    `Median: ${timesIdeal.median.toFixed(2)} times the ideal, ${seconds(first?.idealSeconds ?? 0)}: the window, and full calls at the directory's rate.`,
    "",
    ...functionLines(runs),
    "",
    ...trickleLines(trickle),
    "",
    ...(faults.length === 0 ? ["Every leaver is suspended, and no batch failed."] : faults),
  ];
}

function runLines(runs: readonly RunOfLeavers[]): string[] {
  return renderTable([
    ["run", "seconds", "by the ideal", "calls", "refused", "users a call", "DynamoDB", "other emulators"],
    ...runs.map((run, index) => [
      String(index + 1),
      seconds(run.seconds),
      `${run.timesIdeal.toFixed(2)} ×`,
      whole(run.callsTaken),
      whole(run.callsRefused),
      run.usersPerCall.toFixed(1),
      seconds(run.emulators.dynamoSeconds),
      seconds(run.emulators.otherSeconds),
    ]),
  ]);
}

function functionLines(runs: readonly RunOfLeavers[]): string[] {
  return renderTable([
    ["run", "batches", "records", "a batch: median", "max", "GB-s", "processor", "a record"],
    ...runs.map(({ function: took }, index) => [
      String(index + 1),
      whole(took.batches),
      whole(took.recordsPerBatch),
      seconds(took.secondsPerBatch.median),
      seconds(took.secondsPerBatch.max),
      took.gigabyteSecondsPerBatch.toFixed(2),
      seconds(took.processorSecondsPerBatch),
      `${took.processorMillisecondsPerRecord.toFixed(2)} ms`,
    ]),
  ]);
}

function trickleLines(trickle: TrickleFigures): string[] {
  const { events, suspended, windowSeconds, seconds: from, callsTaken, callsRefused, usersPerCall } = trickle;
  return [
    `One event a second, ${whole(events)} of them; ${whole(suspended)} people suspended, window ${windowSeconds} s`,
    `  from an event to its suspension: p50 ${seconds(from.p50)}, p95 ${seconds(from.p95)}, max ${seconds(from.max)}`,
    `  ${whole(callsTaken)} calls, ${whole(callsRefused)} refused, ${usersPerCall.toFixed(1)} users a call`,
  ];
}

const whole = (n: number) => Math.round(n).toLocaleString("en");
const seconds = (n: number) => `${n.toFixed(2)} s`;
