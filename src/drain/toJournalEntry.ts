import { isoTime } from "../events/isoTime.ts";
import type { JournalEntry, JournalOutcome } from "../ledger/journalEntry.ts";
import type { Grant } from "./claim.ts";
import type { Decision } from "./decision.ts";
import type { Outcome, Retry } from "./outcome.ts";

/** Who released a decision that was held, and why. */
export type Approval = Pick<Grant, "approvedBy" | "approvalNote">;

/** The audit trail's line for a decision and what became of it. `settledAt` as ISO 8601: one for a whole batch. */
export function toJournalEntry(
  decision: Decision,
  outcome: Exclude<Outcome, Retry>,
  settledAt: string,
  { approvedBy, approvalNote }: Approval = {},
): JournalEntry {
  const { personId, eventId, intent, version, accountId, occurredAt, effectiveAt, receivedAt } = decision;
  const { kind, code, requestId } = describe(outcome);
  const entry: JournalEntry = {
    personId,
    eventId,
    intent,
    version,
    outcome: kind,
    occurredAt: isoTime(occurredAt),
    receivedAt: isoTime(receivedAt),
    settledAt,
  };
  if (code !== undefined) entry.code = code;
  if (requestId !== undefined) entry.requestId = requestId;
  if (approvedBy !== undefined) entry.by = approvedBy;
  if (approvalNote !== undefined) entry.note = approvalNote;
  if (accountId !== undefined) entry.accountId = accountId;
  if (effectiveAt !== occurredAt) entry.effectiveAt = isoTime(effectiveAt);
  return entry;
}

function describe(outcome: Exclude<Outcome, Retry>): {
  kind: JournalOutcome;
  code?: string;
  requestId?: string | undefined;
} {
  const { kind } = outcome;
  switch (kind) {
    case "applied":
      return { kind, requestId: outcome.requestId };
    case "unchanged":
      return { kind, code: outcome.because };
    case "superseded":
      return { kind, code: outcome.by };
    case "deferred":
      return { kind, code: outcome.because };
    case "held":
    case "excluded":
      return { kind, code: outcome.rule };
    case "rejected":
      return { kind, code: outcome.code, requestId: outcome.requestId };
  }
}
