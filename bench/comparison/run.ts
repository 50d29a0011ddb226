import type { ContenderName } from "../contenders/contenders.ts";
import type { ChimeReport } from "../servers/chimeReport.ts";

/** One contender's way through one scenario. */
export interface Run {
  contender: ContenderName;
  /** Ids of the messages that it reported as failed, in its order. */
  failures: string[];
  chime: ChimeReport;
  /** From the first batch handed over to the last answer. */
  wallMilliseconds: number;
  cpuMilliseconds: number;
  peakMemoryMegabytes: number;
}
