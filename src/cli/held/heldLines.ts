import type { HeldRule } from "../../ledger/pendingStore.ts";
import { durationText } from "../ledger/durationText.ts";
import { timeText } from "../ledger/timeText.ts";
import type { Screen } from "../screen.ts";
import { tableLines } from "../tableLines.ts";
import type { HeldCount } from "./countHeld.ts";
import type { HeldReport } from "./toHeldReport.ts";

const headings = ["HELD SINCE", "FOR", "PERSON", "ACCOUNT", "INTENT", "BY", "EVENT"];

const words: Record<HeldRule, { cell: string; counted: string }> = {
  SuspensionLimit: { cell: "limit", counted: "by the limit" },
  SuspensionLatch: { cell: "latch", counted: "behind the latch" },
};

/** Held decisions as a table for people, a line each. `result` says what became of them, where something did. */
export function heldLines(held: readonly (HeldReport & { result?: string })[], screen: Screen): string[] {
  const hasResults = held.some(({ result }) => result !== undefined);
  const rows = held.map(({ result = "", ...report }) => ({
    cells: [...cellsOf(report), ...(hasResults ? [result] : [])],
    details: [],
  }));
  return tableLines(hasResults ? [...headings, "RESULT"] : headings, rows, screen);
}

function cellsOf({ heldAt, heldForSeconds, personId, accountId, intent, rule, eventId }: HeldReport) {
  const { cell } = words[rule];
  return [timeText(heldAt), durationText(heldForSeconds), personId, accountId, intent, cell, eventId];
}

/** How many of each account, for how long at most, and by what. */
export function countLines(counts: readonly HeldCount[], screen: Screen, now: number): string[] {
  const longest = Math.max(0, ...counts.map(({ people }) => people.toLocaleString("en").length));
  const rows = counts.map(({ accountId, people, byRule, since }) => ({
    cells: [
      `  ${people.toLocaleString("en").padStart(longest)}`,
      accountId,
      `for ${durationText(Math.max(0, now - Date.parse(since)) / 1000)}`,
      rulesText(byRule),
    ],
    details: [],
  }));
  return tableLines(["", "", "", ""], rows, screen).slice(1);
}

function rulesText(byRule: HeldCount["byRule"]): string {
  const rules = [
    ["SuspensionLimit", byRule.SuspensionLimit],
    ["SuspensionLatch", byRule.SuspensionLatch],
  ] as const;
  return rules
    .flatMap(([rule, count = 0]) =>
      count === 0 ? [] : [`${count.toLocaleString("en")} ${words[rule].counted}`],
    )
    .join(", ");
}
