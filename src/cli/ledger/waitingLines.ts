import type { Screen } from "../screen.ts";
import { type Row, tableLines } from "../tableLines.ts";
import { durationText } from "./durationText.ts";
import { timeText } from "./timeText.ts";
import type { WaitingReport } from "./toWaitingReport.ts";

/** Decisions that wait, as a table for people. */
export function waitingLines(waiting: readonly WaitingReport[], screen: Screen): string[] {
  return tableLines(["DUE", "IN", "INTENT", "PERSON", "WAITS FOR"], waiting.map(waitingRow), screen);
}

function waitingRow(decision: WaitingReport): Row {
  const { dueAt, dueInSeconds, intent, personId, because, waitingSince, eventId } = decision;
  const isOverdue = dueInSeconds < 0;
  return {
    cells: [
      timeText(dueAt),
      isOverdue ? { text: "now", style: "yellow" } : durationText(dueInSeconds),
      intent,
      personId,
      waitsFor[because],
    ],
    details: [`event ${eventId}`, ...(waitingSince === undefined ? [] : [`since ${timeText(waitingSince)}`])],
  };
}

const waitsFor: Record<WaitingReport["because"], string> = {
  effectiveLater: "its day",
  notRegistered: "registration",
  released: "the next run",
  follows: "its time, after another decision",
};
