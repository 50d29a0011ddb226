import { isoTime } from "../events/isoTime.ts";
import type { JournalEntry, JournalOutcome } from "../ledger/journalEntry.ts";
import type { Decision } from "./decision.ts";
import type { Outcome, Retry } from "./outcome.ts";

/**
 * The audit trail's line for a decision and what became of it. `settledAt` as ISO 8601: one for a whole batch.
 *
 * @param signed who released the decision, if it was held, and why
 */
export function toJournalEntry(
  decision: Decision,
  outcome: Exclude<Outcome, Retry>,
  settledAt: string,
  { by, note }: { by?: string | undefined; note?: string | undefined } = {},
): JournalEntry {
  const { personId, eventId, intent, version, accountId, occurredAt, effectiveAt, receivedAt } = decision;
  const { kind, code, requestId } = describe(outcome);
  return {
    personId,
    eventId,
    intent,
    version,
    outcome: kind,
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(by !== undefined && { by }),
    ...(note !== undefined && { note }),
    ...(accountId !== undefined && { accountId }),
    occurredAt: isoTime(occurredAt),
    ...(effectiveAt !== occurredAt && { effectiveAt: isoTime(effectiveAt) }),
    receivedAt: isoTime(receivedAt),
    settledAt,
  };
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
