import type { DayReport, Ending } from "../dayReport.ts";
import { alignTable, numberText } from "./alignTable.ts";

/** In the order in which they are told. */
const meanings: Readonly<Record<Ending, string>> = {
  applied: "carried out in the directory",
  unchanged: "a duplicate, or already so",
  superseded: "a newer decision about the same person stands",
  deferred: "put off, as told below",
  held: "stopped by the safeguard: waits for an operator",
  excluded: "out of scope by policy",
  rejected: "will never succeed: a dead letter",
  undelivered: "EventBridge gave up on it: a dead letter",
  receivedTooOften: "SQS gave up on it: a dead letter",
};

/** How the events ended, and what that means. */
export function outcomeLines({ outcomes, retries }: DayReport): string[] {
  const counts = new Map(Object.entries(outcomes));
  const rows = Object.entries(meanings).flatMap(([ending, meaning]) => {
    const count = counts.get(ending);
    return count === undefined ? [] : [[numberText(count), ending, meaning]];
  });
  const lines = alignTable(rows, ["right", "left", "left"]);
  const codes = Object.entries(retries).map(([code, count]) => `${code} ${numberText(count)}`);
  if (codes.length === 0) return lines;
  return [...lines, `  Put back on the way and tried again: ${codes.join(", ")}.`];
}
