import type { JournalOutcome, TrailStep } from "../../ledger/ledger.ts";
import { timeText } from "../../operations/displayText.ts";
import type { ActReport, DecisionReport, HeadReport, PersonReport } from "../../operations/inspectPerson.ts";
import { beforeText, codeText, stateText, tieTexts, whyText } from "../../operations/words/decisionWords.ts";
import { countOf, durationText } from "../../operations/words/plainWords.ts";
import type { Screen, TextStyle } from "../terminal.ts";
import { type Row, tableLines } from "../textLayout.ts";
import { waitingTable } from "./pendingCommand.ts";

/** A person's history as lines: the state first, then the decisions, what waits, and who is at work. */
export function personLines(person: PersonReport, screen: Screen, now: number): string[] {
  const { personId, emails, heads, decisions, waiting, acts = [] } = person;
  const label = `${personId}: `;
  const about = [...heads.map((head) => stateText(head, decisions)), ...emails];
  const summary = about.map((text, index) => `${(index === 0 ? label : "").padEnd(label.length)}${text}`);
  const sections = [
    summary.map((line, index) => (index === 0 ? screen.paint("bold", line) : line)),
    decisions.length === 0 ? [] : tableLines(decisionHeadings, decisions.map(decisionRow), screen),
    waiting.length === 0 ? [] : waitingTable(waiting, screen),
    actLines(acts, screen),
    leaseLines(heads, now),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

/** What operators did at the directory themselves, past the events. */
export function actLines(acts: readonly ActReport[], screen: Screen): string[] {
  if (acts.length === 0) return [];
  const rows = acts.map(({ at, operation, result, code, accountId, userIds, by, note, requestId }) => ({
    cells: [timeText(at), operation, code === undefined ? result : `${result}: ${code}`],
    details: [
      ...(accountId === undefined ? [] : [`account ${accountId}`]),
      ...(userIds.length === 1 ? [`user ${userIds[0]}`] : []),
      ...(userIds.length > 1 ? [countOf(userIds.length, "user")] : []),
      ...(requestId === undefined ? [] : [`request ${requestId}`]),
      `by ${by}`,
      `note: ${note}`,
    ],
  }));
  return tableLines(["BY HAND", "OPERATION", "RESULT"], rows, screen);
}

const decisionHeadings = ["DECIDED", "INTENT", "OUTCOME", "AFTER", "WHY"] as const;

/** How each outcome is painted. */
export const outcomeStyles: Record<JournalOutcome, TextStyle> = {
  applied: "green",
  unchanged: "green",
  superseded: "dim",
  excluded: "dim",
  deferred: "yellow",
  held: "yellow",
  observed: "dim",
  rejected: "red",
  discarded: "dim",
};

/** AFTER is how long it took from the decision to its settlement; a decision that waits has none. */
function decisionRow(decision: DecisionReport): Row {
  const { occurredAt, intent, outcome, secondsFromDecision } = decision;
  const isOpen = outcome === "deferred" || outcome === "held";
  const after = isOpen ? "-" : durationText(secondsFromDecision);
  return {
    cells: [
      timeText(occurredAt),
      intent,
      { text: outcome, style: outcomeStyles[outcome] },
      after,
      whyText(decision),
    ],
    details: detailsOf(decision, isOpen ? "put off" : "settled"),
  };
}

function detailsOf(decision: DecisionReport, ended: "put off" | "settled"): string[] {
  const { eventId, accountId, requestId, effectiveAt, receivedAt, settledAt, secondsFromEffect } = decision;
  const { by, note, userBefore, license, alsoAt, undoes, origin, trail } = decision;
  const lag =
    secondsFromEffect !== undefined && secondsFromEffect >= 0 ? ` (+${durationText(secondsFromEffect)})` : "";
  return [
    `event ${eventId}`,
    ...(accountId === undefined ? [] : [`account ${accountId}`]),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
    ...(effectiveAt === undefined ? [] : [`effective ${timeText(effectiveAt)}`]),
    ...(origin === undefined ? [] : [`from ${origin}`]),
    ...(undoes === undefined ? [] : [`undoes ${undoes}`]),
    ...(license === undefined ? [] : [`license ${license}`]),
    ...(alsoAt === undefined ? [] : [`also suspended in ${alsoAt.join(", ")}`]),
    ...(userBefore === undefined ? [] : [`user before: ${beforeText(userBefore)}`]),
    ...(trail.length > plainSteps
      ? withLag(trail.map(stepText), lag)
      : [
          `received ${timeText(receivedAt)}`,
          `${ended} ${timeText(settledAt)}${lag}`,
          ...(by === undefined ? [] : [`by ${by}`]),
          ...(note === undefined ? [] : [`note: ${note}`]),
        ]),
  ];
}

/** The receipt and the outcome. More steps tell what waited, was held, released, refused or redriven on the way. */
const plainSteps = 2;

function withLag(steps: readonly string[], lag: string): string[] {
  return steps.map((step, index) => (index === steps.length - 1 ? `${step}${lag}` : step));
}

function stepText({ at, step, code, receives, by, note, tie }: TrailStep): string {
  const why = code === undefined || code === "" ? "" : `: ${codeText(code)}`;
  const tries = receives === undefined ? "" : ` after ${receives} receives`;
  const who = by === undefined ? "" : ` by ${by}`;
  const tied = tie === undefined ? "" : `, with one of the same time (${tieTexts[tie]})`;
  return `${step} ${timeText(at)}${tries}${who}${why}${tied}${note === undefined ? "" : ` (${note})`}`;
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
      return `${who}${until} never finished; its message comes again.`;
    }
  }
}
