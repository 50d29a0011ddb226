import type { JournalEntry, JournalOutcome } from "../ledger/ledger.ts";
import type { History } from "../ledger/personHistory.ts";
import { countBy, type Redact, redactForDisplay } from "./displayText.ts";

/** What became of one leave, for an auditor. Times are ISO 8601 in UTC; `null` where there is nothing to tell. */
export interface LeaverReport {
  personId: string;
  eventId: string;
  accountId: string | null;
  /** When HR decided. */
  decidedAt: string;
  /** When access was to end. */
  effectiveAt: string;
  receivedAt: string;
  /** When the result was written. */
  settledAt: string;
  /** From the end of access, as HR wants it, to the suspension. Only of those who were suspended. */
  lateSeconds: number | null;
  /** The operator who released or discarded it; else the system that the event came from. */
  actor: string | null;
  note: string | null;
  result: JournalOutcome;
  /** Why, for all results but `applied`. */
  code: string | null;
  /** The directory's id of the call. */
  requestId: string | null;
}

/** The leaves whose latest result was written between two moments, in that order. */
export interface LeaversReport {
  table: string;
  since: string;
  until: string;
  count: number;
  byResult: Partial<Record<JournalOutcome, number>>;
  leavers: LeaverReport[];
}

export interface LeaversPorts {
  history: Pick<History, "between">;
  /** Names the ledger in the report. */
  table: string;
}

/**
 * Lists the leaves of a period, both moments included (milliseconds since the epoch). What the journal keeps no longer, or has
 * not in its index by time, is not among them. Throws what the ledger throws.
 */
export async function reportLeavers(
  { since, until }: { since: number; until: number },
  { history, table }: LeaversPorts,
): Promise<LeaversReport> {
  const redact = redactForDisplay();
  const leavers: LeaverReport[] = [];
  for await (const entry of history.between(since, until + 1))
    if (entry.intent === "offboard") leavers.push(toLeaverReport(entry, redact));
  return {
    table,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    count: leavers.length,
    byResult: countBy(leavers, ({ result }) => result),
    leavers,
  };
}

function toLeaverReport(entry: JournalEntry, redact: Redact): LeaverReport {
  const { occurredAt: decidedAt, effectiveAt = decidedAt, receivedAt, settledAt, outcome } = entry;
  const { undoneAt } = entry;
  const wantedAt =
    undoneAt === undefined ? Math.max(Date.parse(decidedAt), Date.parse(effectiveAt)) : Date.parse(undoneAt);
  const optional = (text: string | undefined) => (text === undefined ? null : redact(text));
  return {
    personId: redact(entry.personId),
    eventId: redact(entry.eventId),
    accountId: optional(entry.accountId),
    decidedAt,
    effectiveAt,
    receivedAt,
    settledAt,
    lateSeconds: outcome === "applied" ? Math.round((Date.parse(settledAt) - wantedAt) / 1000) : null,
    actor: optional(entry.by ?? entry.origin),
    note: optional(entry.note),
    result: outcome,
    code: optional(entry.code),
    requestId: optional(entry.requestId),
  };
}
