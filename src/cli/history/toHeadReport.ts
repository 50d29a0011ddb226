import type { Head } from "../../ledger/personHistory.ts";
import type { Aspect } from "../../pipelines.ts";
import type { ShowText } from "../ledger/shownText.ts";
import type { DecisionReport } from "./toDecisionReport.ts";

/** Where one aspect of a person stands. */
export interface HeadReport {
  aspect: Aspect;
  settled: SettledReport | null;
  lease: LeaseReport;
}

/** The newest decision that stands. */
export interface SettledReport {
  eventId: string;
  as: "applied" | "rejected";
  /** `null` if its journal entry has expired: heads are kept for good, entries for 13 months. */
  decision: DecisionReport | null;
}

/** `lapsed`: whoever held it came to no end, and the message comes again. `until` in ISO 8601. */
type LeaseReport =
  | { state: "free" }
  | { state: "held"; owner: string; until: string }
  | { state: "lapsed"; owner?: string; until?: string };

/** @param now milliseconds since the epoch */
export function toHeadReport(
  { aspect, settled, claim }: Head,
  decisionOf: (eventId: string) => DecisionReport | undefined,
  show: ShowText,
  now: number,
): HeadReport {
  return {
    aspect,
    settled: settled === undefined ? null : toSettledReport(settled, decisionOf, show),
    lease: claim === undefined ? { state: "free" } : toLeaseReport(claim, show, now),
  };
}

function toSettledReport(
  { eventId, as }: NonNullable<Head["settled"]>,
  decisionOf: (eventId: string) => DecisionReport | undefined,
  show: ShowText,
): SettledReport {
  return { eventId: show(eventId), as, decision: decisionOf(eventId) ?? null };
}

/** As the claim's own condition has it, a lease still holds at its last millisecond. */
function toLeaseReport({ lease }: NonNullable<Head["claim"]>, show: ShowText, now: number): LeaseReport {
  if (lease === undefined) return { state: "lapsed" };
  const state = lease.until >= now ? "held" : "lapsed";
  return { state, owner: show(lease.owner), until: new Date(lease.until).toISOString() };
}
