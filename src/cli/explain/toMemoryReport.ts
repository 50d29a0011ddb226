import type { PersonHistory } from "../../ledger/personHistory.ts";
import { type HeldReport, toHeldReport } from "../held/toHeldReport.ts";
import { type DecisionReport, toDecisionReport } from "../history/toDecisionReport.ts";
import type { ShowText } from "../ledger/shownText.ts";
import { toWaitingReport, type WaitingReport } from "../ledger/toWaitingReport.ts";

/** What the ledger remembers of one event; `null` where it knows nothing of the kind. */
export interface MemoryReport {
  decision: DecisionReport | null;
  waiting: WaitingReport | null;
  held: HeldReport | null;
}

/** @param now milliseconds since the epoch */
export function toMemoryReport(
  history: PersonHistory | undefined,
  eventId: string,
  show: ShowText,
  now: number,
): MemoryReport {
  const isIt = (one: { eventId: string }) => one.eventId === eventId;
  const entry = history?.entries.find(isIt);
  const waiting = history?.waiting.find(isIt);
  const held = history?.held.find(isIt);
  return {
    decision: entry === undefined ? null : toDecisionReport(entry, show),
    waiting: waiting === undefined ? null : toWaitingReport(waiting, show, now),
    held: held === undefined ? null : toHeldReport(held, show, now),
  };
}
