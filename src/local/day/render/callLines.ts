import { countOf } from "../../../cli/terminal.ts";
import type { DayReport } from "../dayReport.ts";
import { alignTable, numberText } from "./alignTable.ts";

const batchOperations = ["InviteUsers", "BatchSuspendUser", "BatchUnsuspendUser", "BatchUpdateUser"];
/** Of one user each, and for nobody who is not in a batch call as well. */
const singleOperations = ["LogoutUser", "ResetPersonalPIN"];
const userOperations = [...batchOperations, ...singleOperations];

/** The calls to the directory: those that change users, and those that look up. The first line holds the headings. */
export function callLines({ calls, events }: DayReport): string[] {
  const made = Object.entries(calls).sort(([a], [b]) => rank(a) - rank(b));
  const batches = made
    .filter(([operation]) => batchOperations.includes(operation))
    .map(([, counts]) => counts);
  const batchCalls = batches.reduce((sum, counts) => sum + counts.calls, 0);
  const users = batches.reduce((sum, counts) => sum + counts.users, 0);
  const wellFormed = events.published - events.malformed + events.followUps;
  const rows = made.map(([operation, counts]) => [
    operation,
    numberText(counts.calls),
    ...(userOperations.includes(operation) ? userCells(counts) : []),
  ]);
  return [
    ...alignTable([["", "calls", "users", "users per call"], ...rows], ["left", "right", "right", "right"]),
    `  ${countOf(users, "user")} in ${countOf(batchCalls, "batch call")}. One call for each well-formed event`,
    `  would have been ${numberText(wellFormed)}, and the look-ups besides.`,
  ];
}

function userCells({ calls, users }: DayReport["calls"][string]): string[] {
  return [numberText(users), (users / calls).toFixed(1)];
}

/** Those that change users first, in the order of a person's life. */
function rank(operation: string): number {
  const index = userOperations.indexOf(operation);
  return index === -1 ? userOperations.length : index;
}
