import { exitCodes } from "../exitCodes.ts";
import { paint, type Terminal } from "../terminal.ts";
import { type PublishSummary, summaryLines, summaryObject } from "./summary.ts";
import { rejectedOf } from "./tally.ts";

/** Says how it went, for people or as one JSON object, and gives the exit code that goes with it. */
export function conclude(summary: PublishSummary, json: boolean, { stdout }: Terminal): number {
  const isClean = rejectedOf(summary.tally) === 0;
  const [headline = "", ...details] = summaryLines(summary);
  const text = [paint(stdout, isClean ? "green" : "yellow", headline), ...details].join("\n");
  stdout.write(`${json ? JSON.stringify(summaryObject(summary)) : text}\n`);
  return isClean ? exitCodes.done : exitCodes.incomplete;
}
