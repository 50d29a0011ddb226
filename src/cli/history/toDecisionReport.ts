import type { JournalEntry } from "../../ledger/ledger.ts";
import type { ShowText } from "../ledger/shownText.ts";

/** An entry of the journal, as it is shown, with how long it took. */
export interface DecisionReport extends Omit<JournalEntry, "personId" | "version"> {
  /** From HR's decision to its settlement. */
  secondsFromDecision: number;
  /** From the moment at which the decision took effect, if that was another. */
  secondsFromEffect?: number;
}

export function toDecisionReport(entry: JournalEntry, show: ShowText): DecisionReport {
  const { personId, version, eventId, code, requestId, accountId, by, note, ...rest } = entry;
  const { occurredAt, effectiveAt, settledAt } = rest;
  return {
    eventId: show(eventId),
    ...rest,
    ...(code !== undefined && { code: show(code) }),
    ...(requestId !== undefined && { requestId: show(requestId) }),
    ...(accountId !== undefined && { accountId: show(accountId) }),
    ...(by !== undefined && { by: show(by) }),
    ...(note !== undefined && { note: show(note) }),
    secondsFromDecision: secondsBetween(occurredAt, settledAt),
    ...(effectiveAt !== undefined && { secondsFromEffect: secondsBetween(effectiveAt, settledAt) }),
  };
}

function secondsBetween(start: string, end: string): number {
  return (Date.parse(end) - Date.parse(start)) / 1000;
}
