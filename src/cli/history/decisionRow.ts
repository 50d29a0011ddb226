import type { JournalOutcome } from "../../ledger/ledger.ts";
import { durationText } from "../ledger/durationText.ts";
import { timeText } from "../ledger/timeText.ts";
import type { Row } from "../tableLines.ts";
import type { TextStyle } from "../terminal.ts";
import type { DecisionReport } from "./toDecisionReport.ts";
import { whyText } from "./whyText.ts";

export const decisionHeadings = ["DECIDED", "INTENT", "OUTCOME", "AFTER", "WHY"] as const;

const styles: Record<JournalOutcome, TextStyle> = {
  applied: "green",
  unchanged: "green",
  superseded: "dim",
  excluded: "dim",
  deferred: "yellow",
  held: "yellow",
  rejected: "red",
  discarded: "dim",
};

/** AFTER is how long it took from the decision to its settlement; what still waits has none. */
export function decisionRow(decision: DecisionReport): Row {
  const { occurredAt, intent, outcome, secondsFromDecision } = decision;
  const isOpen = outcome === "deferred" || outcome === "held";
  const after = isOpen ? "-" : durationText(secondsFromDecision);
  return {
    cells: [
      timeText(occurredAt),
      intent,
      { text: outcome, style: styles[outcome] },
      after,
      whyText(decision),
    ],
    details: detailsOf(decision, isOpen ? "put off" : "settled"),
  };
}

function detailsOf(decision: DecisionReport, ended: "put off" | "settled"): string[] {
  const { eventId, accountId, requestId, effectiveAt, receivedAt, settledAt, secondsFromEffect } = decision;
  const { by, note } = decision;
  const lag =
    secondsFromEffect !== undefined && secondsFromEffect >= 0 ? ` (+${durationText(secondsFromEffect)})` : "";
  return [
    `event ${eventId}`,
    ...(accountId === undefined ? [] : [`account ${accountId}`]),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
    ...(effectiveAt === undefined ? [] : [`effective ${timeText(effectiveAt)}`]),
    `received ${timeText(receivedAt)}`,
    `${ended} ${timeText(settledAt)}${lag}`,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(note === undefined ? [] : [`note: ${note}`]),
  ];
}
