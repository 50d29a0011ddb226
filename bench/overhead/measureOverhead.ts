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
    /** This one's median by Rollcall's: above 1 Rollcall is the faster one. */
    timesRollcall: number;
  }[];
}

const warmUps = 5;
const rounds = 21;

/**
 * In a process of their own: a schema that is built anew for each record leaves its neighbours one that is half as fast
 * again, and a ledger in memory leaves them its garbage to collect.
 */
const alone: readonly OverheadName[] = ["powertoolsInnerSchema", "rollcallWithMemory"];

/** The CPU time of everything but input and output: Rollcall's drain beside Powertools, which only parses. */
export async function measureOverhead(records: number, codeDirectory: string): Promise<OverheadFigures> {
  const inTurn = overheadNames.filter((name) => !alone.includes(name));
  const times: Partial<Record<OverheadName, number[]>> = {};
  for (const names of [...alone.map((name) => [name]), inTurn])
    Object.assign(times, await timesOf(names, records, codeDirectory));
  const rollcall = spreadOf(times.rollcall ?? []);
  const runs = overheadNames.map((name) => {
    const cpuMilliseconds = spreadOf(times[name] ?? []);
    return { name, cpuMilliseconds, timesRollcall: cpuMilliseconds.median / rollcall.median };
  });
  return { rounds, runs };
}

const measured = z.array(z.partialRecord(z.enum(overheadNames), z.number()));

/** The times of each round, by name, from a fresh process. */
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
