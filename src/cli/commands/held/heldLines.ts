import type { HeldRule } from "../../../ledger/pendingStore.ts";
import { timeText } from "../../../operations/displayText.ts";
import {
  type HeldAction,
  type HeldCount,
  type HeldDecisionReport,
  type HeldFilter,
  type HeldListReport,
  meansEverybody,
} from "../../../operations/heldSuspensions.ts";
import type { HeldReport } from "../../../operations/waitingDecisions.ts";
import { ageText, countPeople, durationText } from "../../../operations/words/plainWords.ts";
import { hintText } from "../../hints.ts";
import { type Target, targetText } from "../../target.ts";
import type { Screen } from "../../terminal.ts";
import { tableLines } from "../../textLayout.ts";

/** The held suspensions as a table, how many of each account, and what to do next. */
export function heldListLines(
  { held, counts, notHeld }: HeldListReport,
  { filter, target }: HeldQuestion,
  screen: Screen,
  now: number,
): string[] {
  const [first] = counts;
  if (first === undefined) return [nobodyText(filter, target), ...notHeldLines(notHeld)];
  const { person: [person] = [] } = filter;
  const who = person === undefined ? { account: first.accountId } : { person };
  const hint = (action: HeldAction, because: string) =>
    hintText(target, `held ${action}`, { options: { ...who, because } });
  return [
    ...heldTable(held, screen),
    "",
    `${countPeople(peopleIn(counts))} held:`,
    ...countLines(counts, screen, now),
    ...notHeldLines(notHeld),
    "",
    "Look at the feed first. Then, for example:",
    `  ${hint("release", "HR confirms it")}    they are suspended`,
    `  ${hint("discard", "a wrong feed")}      they are not`,
  ];
}

/** Whom a command was asked about, and where. */
interface HeldQuestion {
  filter: HeldFilter;
  target: Target;
}

function nobodyText(filter: HeldFilter, target: Target): string {
  return `${meansEverybody(filter) ? "Nobody is held" : "Nobody who is held matches"} in ${targetText(target)}.`;
}

/** Those of a list who may be mistyped, or were released or discarded meanwhile. */
function notHeldLines(notHeld: readonly string[]): string[] {
  if (notHeld.length === 0) return [];
  return [
    `${notHeld.length.toLocaleString("en")} of the list not held:`,
    ...notHeld.map((each) => `  ${each}`),
  ];
}

const headings = ["HELD SINCE", "FOR", "PERSON", "ACCOUNT", "INTENT", "BY", "EVENT"];

const words: Record<HeldRule, { cell: string; counted: string }> = {
  SuspensionLimit: { cell: "limit", counted: "by the limit" },
  SuspensionLatch: { cell: "latch", counted: "behind the latch" },
};

/** A line for each. `result` says what became of it, where something was done. */
function heldTable(held: readonly (HeldReport & { result?: string })[], screen: Screen): string[] {
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

/** How many of each account, for how long at most, and by which rule. */
export function countLines(counts: readonly HeldCount[], screen: Screen, now: number): string[] {
  const longest = Math.max(0, ...counts.map(({ people }) => people.toLocaleString("en").length));
  const rows = counts.map(({ accountId, people, byRule, since }) => ({
    cells: [
      `  ${people.toLocaleString("en").padStart(longest)}`,
      accountId,
      `for ${ageText(since, now)}`,
      rulesText(byRule),
    ],
    details: [],
  }));
  return tableLines(["", "", "", ""], rows, screen).slice(1);
}

export function peopleIn(counts: readonly HeldCount[]): number {
  return counts.reduce((sum, { people }) => sum + people, 0);
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

type ResultKind = HeldDecisionReport["held"][number]["result"];

/** The name of each result after its number. */
const resultWords: Record<ResultKind, string> = {
  released: "released",
  discarded: "discarded",
  changed: "changed meanwhile (released, discarded, cancelled or replaced), and left alone",
  busy: "busy (an invocation may be acting on them now), and held still",
  failed: "failed",
  untouched: "not reached, and held still",
};

const resultKinds = ["released", "discarded", "changed", "busy", "failed", "untouched"] as const;

/** Each of these has a line. The others are only counted, unless a list names them: there may be thousands. */
const listedKinds: ReadonlySet<ResultKind> = new Set(["changed", "busy", "failed"]);

/** What became of the held suspensions, and what to do next. */
export function resultLines(
  { held, counts, latchClosed, notHeld }: HeldDecisionReport,
  { filter, target }: HeldQuestion,
  { past, consequence }: { past: "released" | "discarded"; consequence: string },
  screen: Screen,
): string[] {
  if (held.length === 0) return [nobodyText(filter, target), ...notHeldLines(notHeld)];
  const listed = held.filter(({ result }) => filter.people !== undefined || listedKinds.has(result));
  const summary = resultKinds.flatMap((kind) => {
    const { [kind]: count = 0 } = counts;
    return count === 0 ? [] : [`${count.toLocaleString("en")} ${resultWords[kind]}`];
  });
  return [
    ...(listed.length === 0 ? [] : [...heldTable(listed, screen), ""]),
    ...notHeldLines(notHeld),
    `${summary.join(", ")}. In ${targetText(target)}.`,
    ...((counts[past] ?? 0) === 0 ? [] : [consequence]),
    ...latchClosed.flatMap((accountId) => [
      `The latch of ${accountId} is closed still: whoever leaves now is held. Once its feed is right:`,
      `  ${hintText(target, "safeguard reset", { options: { account: accountId, because: "the feed is right again" } })}`,
    ]),
  ];
}
