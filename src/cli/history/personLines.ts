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
    const text = leaseText(lease, now);
    return text === undefined ? [] : [`${aspect}: ${text}`];
  });
  return lines.length === 0 ? ["Nobody is at work on this person right now."] : lines;
}

function leaseText(lease: HeadReport["lease"], now: number): string | undefined {
  switch (lease.state) {
    case "free":
      return undefined;
    case "held": {
      const rest = durationText((Date.parse(lease.until) - now) / 1000);
      return `invocation ${lease.owner} is at work, until ${timeText(lease.until)} at the latest (in ${rest}).`;
    }
    case "lapsed": {
      const who = lease.owner === undefined ? "an earlier invocation" : `invocation ${lease.owner}`;
      const until = lease.until === undefined ? "" : ` had until ${timeText(lease.until)} and`;
      return `${who}${until} came to no end; its message comes again.`;
    }
  }
}
