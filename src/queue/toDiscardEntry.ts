import type { Decision } from "../drain/decision.ts";
import { open } from "../drain/open.ts";
import { toJournalEntry } from "../drain/toJournalEntry.ts";
import { versionKey } from "../drain/versionKey.ts";
import type { JournalEntry } from "../ledger/journalEntry.ts";
import { pipelines } from "../pipelines.ts";
import type { StoredLetter } from "./storedLetter.ts";

/** Who discards, and why: free text of at most 500 characters. */
export interface DiscardedBy {
  by: string;
  note: string;
}

/**
 * The journal's line for a letter that is discarded; `undefined` for one that names no person or no event, because the
 * journal is kept by those. `now` in milliseconds since the epoch.
 */
export function toDiscardEntry(
  letter: StoredLetter,
  { by, note }: DiscardedBy,
  now: number,
): JournalEntry | undefined {
  const { body, receiveCount, cause, pipeline } = letter;
  const receivedAt = new Date(letter.firstReceivedAt).toISOString();
  const { decisions } = open([{ body, receiveCount, receivedAt }], pipelines[pipeline]);
  const settledAt = new Date(now).toISOString();
  const entry = decisions[0]
    ? toEntry(decisions[0], letter, settledAt)
    : unreadable(letter, receivedAt, settledAt);
  return entry && { ...entry, outcome: "discarded", code: cause.code, by, note };
}

function toEntry(decision: Decision, { cause }: StoredLetter, settledAt: string): JournalEntry {
  return toJournalEntry(decision, { kind: "rejected", ...cause }, settledAt);
}

/**
 * An event that its pipeline cannot read was never decided on. Once it is mended, or sent to the right pipeline, it comes
 * again, often under the same id; so what is discarded is this letter alone, and it is journalled under a name of its own.
 */
function unreadable(
  { event, messageId, pipeline, cause, firstReceivedAt }: StoredLetter,
  receivedAt: string,
  settledAt: string,
): JournalEntry | undefined {
  const { personId, eventId: id } = event;
  if (personId === undefined || id === undefined) return undefined;
  const eventId = `${id} (dead letter ${messageId})`;
  const told = Date.parse(event.occurredAt ?? "");
  const occurredAt = Number.isNaN(told) ? firstReceivedAt : told;
  const version = versionKey({ occurredAt, effectiveAt: occurredAt, intent: pipeline, eventId });
  return {
    personId,
    eventId,
    intent: pipeline,
    version,
    outcome: "discarded",
    ...(cause.requestId !== undefined && { requestId: cause.requestId }),
    occurredAt: new Date(occurredAt).toISOString(),
    receivedAt,
    settledAt,
  };
}
