import * as z from "zod";
import { invoke, startHandler } from "../contenders/startHandler.ts";
import { type Spread, spreadOf } from "../report/spread.ts";

export interface OverheadFigures {
  rounds: number;
  /** Milliseconds for all records. */
  powertools: Spread;
  rollcall: Spread;
  /** Rollcall's median by the other's: below 1 it is the faster one. */
  ratio: number;
}

const warmUps = 5;
const rounds = 15;
const times = z.object({ powertools: z.array(z.number()), rollcall: z.array(z.number()) });

/** The time of everything but input and output: Rollcall's drain beside Powertools with a handler that only reads. */
export async function measureOverhead(records: number, codeDirectory: string): Promise<OverheadFigures> {
  const lambda = startHandler("overhead", { codeDirectory, environment: {} });
  try {
    const { value } = await invoke(lambda, { records, warmUps, rounds });
    const measured = times.parse(value);
    const powertools = spreadOf(measured.powertools);
    const rollcall = spreadOf(measured.rollcall);
    return { rounds, powertools, rollcall, ratio: rollcall.median / powertools.median };
  } finally {
    await lambda.close();
  }
}
