import { parseJson } from "../events/boundedJson.ts";
import type { DetailType } from "../events/hrEvent.ts";
import { toEventLine } from "../inbound/inboundEvent.ts";
import { readOktaEvent } from "../inbound/okta.ts";
import type { JournalEntry } from "../ledger/ledger.ts";
import { type Intent, type Pipeline, pipelineNames, pipelines } from "../pipelines.ts";
import { type Decision, versionKey } from "../provisioning/decision.ts";
import { toJournalEntry } from "../provisioning/journalEntries.ts";
import { parseRecords } from "../provisioning/parseRecords.ts";
import { type LetterEvent, letterEvent } from "./letterEvent.ts";
import type { StoredLetter } from "./storedLetter.ts";

/** Who discards, and why: free text of at most 500 characters. */
export interface DiscardedBy {
  by: string;
  note: string;
}

/**
 * The journal's line for a letter that is discarded; `undefined` for one that names no person or no event, because the
 * journal is kept by those. An event of Okta's is journalled as the event of ours that it would have become, so that no
 * copy of it comes to anything either. `now` in milliseconds since the epoch.
 */
export function toDiscardEntry(
  letter: StoredLetter,
  { by, note }: DiscardedBy,
  now: number,
): JournalEntry | undefined {
  const { receiveCount, cause } = letter;
  const ours = toOurs(letter);
  if (ours === undefined) return undefined;
  const { firstReceivedAt: receivedAt } = letter;
  const { decisions } = parseRecords([{ body: ours.body, receiveCount, receivedAt }], pipelines[ours.intent]);
  const settledAt = new Date(now).toISOString();
  const entry = decisions[0] ? toEntry(decisions[0], letter, settledAt) : unreadable(letter, ours, settledAt);
  return entry && { ...entry, outcome: "discarded", code: cause.code, by, note };
}

interface Ours {
  intent: Intent;
  body: string;
  event: LetterEvent;
}

/** `undefined` for an event of Okta's that none of ours can be made of. */
function toOurs({ pipeline, body, event }: StoredLetter): Ours | undefined {
  if (pipeline !== "okta") return { intent: pipeline, body, event };
  const conclusion = readOktaEvent(parseJson(body));
  if (conclusion.kind !== "event") return undefined;
  const line = toEventLine(conclusion.event);
  const intent = pipelineNames.find((name) => takes(pipelines[name], conclusion.event.type));
  return intent && { intent, body: line, event: letterEvent(line) };
}

function takes({ detailTypes }: Pipeline, type: DetailType): boolean {
  return detailTypes.includes(type);
}

function toEntry(decision: Decision, { cause }: StoredLetter, settledAt: string): JournalEntry {
  return toJournalEntry(decision, { kind: "rejected", ...cause }, settledAt);
}

/**
 * An event that its pipeline cannot read was never decided on. Once it is mended, or sent to the right pipeline, it comes
 * again, often under the same id; so what is discarded is this letter alone, and it is journalled under a name of its own.
 */
function unreadable(
  { messageId, cause, firstReceivedAt }: StoredLetter,
  { intent, event }: Ours,
  settledAt: string,
): JournalEntry | undefined {
  const { personId, eventId: id } = event;
  if (personId === undefined || id === undefined) return undefined;
  const eventId = `${id} (dead letter ${messageId})`;
  const told = Date.parse(event.occurredAt ?? "");
  const occurredAt = Number.isNaN(told) ? firstReceivedAt : told;
  const version = versionKey({ occurredAt, effectiveAt: occurredAt, intent, eventId });
  return {
    personId,
    eventId,
    intent,
    version,
    outcome: "discarded",
    ...(cause.requestId !== undefined && { requestId: cause.requestId }),
    occurredAt: new Date(occurredAt).toISOString(),
    receivedAt: new Date(firstReceivedAt).toISOString(),
    settledAt,
  };
}
