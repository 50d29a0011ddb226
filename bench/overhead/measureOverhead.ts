import * as z from "zod";
import { type OverheadName, overheadNames } from "../contenders/contenders.ts";
import { invoke, startHandler } from "../contenders/startHandler.ts";
import { type Spread, spreadOf } from "../report/spread.ts";
import type { OverheadRequest } from "./overhead.ts";

export interface OverheadFigures {
  rounds: number;
  runs: {
    name: OverheadName;
    /** For all records. */
    cpuMilliseconds: Spread;
    /** The ratio of the medians to Rollcall's: above 1 Rollcall is the faster one. */
    timesRollcall: number;
  }[];
}

/** Measures the CPU time of everything but input and output: Rollcall's `processBatch`, and Powertools, which only parses. */
export async function measureOverhead(records: number, codeDirectory: string): Promise<OverheadFigures> {
  const times = {
    ...(await timesOf(["powertools", "rollcall"], records, codeDirectory)),
    // In a process of its own: the others would have to collect the garbage of a ledger in memory.
    ...(await timesOf(["rollcallWithMemory"], records, codeDirectory)),
  };
  const rollcall = spreadOf(times.rollcall ?? []);
  const runs = overheadNames.map((name) => {
    const cpuMilliseconds = spreadOf(times[name] ?? []);
    return { name, cpuMilliseconds, timesRollcall: cpuMilliseconds.median / rollcall.median };
  });
  return { rounds, runs };
}

const warmUps = 5;
const rounds = 21;

const measured = z.array(z.partialRecord(z.enum(overheadNames), z.number()));

/** The times of each round, by name, from a fresh process in which the handlers take turns. */
async function timesOf(
  names: readonly OverheadName[],
  records: number,
  codeDirectory: string,
): Promise<Partial<Record<OverheadName, number[]>>> {
  const lambda = startHandler("overhead", { codeDirectory, environment: {} });
  try {
    const request: OverheadRequest = { names, records, warmUps, rounds };
    const times = measured.parse((await invoke(lambda, request)).value);
    return Object.fromEntries(names.map((name) => [name, times.flatMap((round) => round[name] ?? [])]));
  } finally {
    await lambda.close();
  }
}
