import type { PendingDecision } from "../../ledger/pendingStore.ts";
import type { ShowText } from "../ledger/shownText.ts";
import { toWaitingReport, type WaitingReport } from "../ledger/toWaitingReport.ts";

/** The decisions that wait, and how many of each kind. */
export interface PendingReport {
  count: number;
  byIntent: Partial<Record<string, number>>;
  byReason: Partial<Record<string, number>>;
  /** By their due date. */
  pending: WaitingReport[];
}

/** @param now milliseconds since the epoch */
export function toPendingReport(
  decisions: readonly PendingDecision[],
  show: ShowText,
  now: number,
): PendingReport {
  return {
    count: decisions.length,
    byIntent: countBy(decisions, ({ intent }) => intent),
    byReason: countBy(decisions, ({ because }) => because),
    pending: decisions.map((decision) => toWaitingReport(decision, show, now)),
  };
}

function countBy(decisions: readonly PendingDecision[], kindOf: (decision: PendingDecision) => string) {
  const counts: Partial<Record<string, number>> = {};
  for (const decision of decisions) counts[kindOf(decision)] = (counts[kindOf(decision)] ?? 0) + 1;
  return counts;
}
