import type { DayReport, UserTally } from "../dayReport.ts";
import { alignTable, numberText } from "./alignTable.ts";

const states = ["registered", "invited", "suspended"] as const;

/** Who is in each account, before and after. The first line holds the headings. */
export function userLines({ directory }: DayReport): string[] {
  const rows = directory.map(({ accountId, type, before, after }) => [
    `${accountId} (${type})`,
    ...states.map((state) => change(state, before, after)),
  ]);
  return alignTable([["", ...states], ...rows], ["left", "right", "right", "right"]);
}

function change(state: keyof UserTally, before: UserTally, after: UserTally): string {
  if (before[state] === after[state]) return numberText(after[state]);
  return `${numberText(before[state])} → ${numberText(after[state])}`;
}
