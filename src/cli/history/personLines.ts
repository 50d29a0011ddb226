import { durationText } from "../ledger/durationText.ts";
import { timeText } from "../ledger/timeText.ts";
import { waitingLines } from "../ledger/waitingLines.ts";
import type { Screen } from "../screen.ts";
import { tableLines } from "../tableLines.ts";
import { decisionHeadings, decisionRow } from "./decisionRow.ts";
import { stateText } from "./stateText.ts";
import type { HeadReport } from "./toHeadReport.ts";
import type { PersonReport } from "./toPersonReport.ts";

/** A person's history for people: the state on top, then what was decided, what waits, and who is at work. */
export function personLines(person: PersonReport, screen: Screen, now: number): string[] {
  const { personId, emails, heads, decisions, waiting } = person;
  const label = `${personId}: `;
  const about = [...heads.map((head) => stateText(head, decisions)), ...emails];
  const summary = about.map((text, index) => `${(index === 0 ? label : "").padEnd(label.length)}${text}`);
  const sections = [
    summary.map((line, index) => (index === 0 ? screen.paint("bold", line) : line)),
    decisions.length === 0 ? [] : tableLines(decisionHeadings, decisions.map(decisionRow), screen),
    waiting.length === 0 ? [] : waitingLines(waiting, screen),
    leaseLines(heads, now),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function leaseLines(heads: readonly HeadReport[], now: number): string[] {
  const lines = heads.flatMap(({ aspect, lease }) => {
    if (lease.state === "free") return [];
    const { owner, until, state } = lease;
    const seconds = (Date.parse(until) - now) / 1000;
    return state === "held"
      ? [
          `${aspect}: invocation ${owner} is at work, until ${timeText(until)} at the latest (in ${durationText(seconds)}).`,
        ]
      : [
          `${aspect}: invocation ${owner} had until ${timeText(until)} and came to no end; its messages come again.`,
        ];
  });
  return lines.length === 0 ? ["Nobody is at work on this person right now."] : lines;
}
