import * as z from "zod";
import { invoke, startHandler } from "../contenders/startHandler.ts";
import { type Spread, spreadOf } from "../report/spread.ts";
import { type OverheadName, overheadNames } from "./overheadNames.ts";

export interface OverheadFigures {
  rounds: number;
  runs: {
    name: OverheadName;
    /** For all records. */
    milliseconds: Spread;
    /** This one's median by Rollcall's: above 1 Rollcall is the faster one. */
    timesRollcall: number;
  }[];
}

const warmUps = 3;
const rounds = 9;
const times = z.array(z.record(z.enum(overheadNames), z.number()));

/** The time of everything but input and output: Rollcall's drain beside Powertools, which only parses. */
export async function measureOverhead(records: number, codeDirectory: string): Promise<OverheadFigures> {
  const lambda = startHandler("overhead", { codeDirectory, environment: {} });
  try {
    const { value } = await invoke(lambda, { records, warmUps, rounds });
    const measured = times.parse(value);
    const spreadOfRuns = (name: OverheadName) => spreadOf(measured.map((round) => round[name]));
    const rollcall = spreadOfRuns("rollcall");
    const runs = overheadNames.map((name) => {
      const milliseconds = spreadOfRuns(name);
      return { name, milliseconds, timesRollcall: milliseconds.median / rollcall.median };
    });
    return { rounds, runs };
  } finally {
    await lambda.close();
  }
}
