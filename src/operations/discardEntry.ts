import type { DetailType } from "../events/hrEvent.ts";
import { toEventLine } from "../inbound/inboundEvent.ts";
import { readOktaBody } from "../inbound/okta.ts";
import type { JournalEntry } from "../ledger/ledger.ts";
import { type Intent, type Pipeline, pipelineNames, pipelines } from "../pipelineSettings.ts";
import type { QualifyPerson } from "../policy/policyRules.ts";
import { type Decision, versionKey } from "../provisioning/decision.ts";
import { toJournalEntry } from "../provisioning/journalEntries.ts";
import { parseRecords } from "../provisioning/parseRecords.ts";
import {
  type DeadLetterEvent,
  parseDeadLetterEvent,
  type StoredDeadLetter,
} from "../queue/storedDeadLetter.ts";

/** Who discards, and why: free text of at most 500 characters. */
export interface DiscardedBy {
  by: string;
  because: string;
}

/**
 * The journal entry of a dead letter that is discarded. `undefined` for one that names no person or no event, because the
 * journal is kept by those. An event of Okta's is journalled as the HR event that it would have become, so that no copy of
 * it is carried out either. `now` in milliseconds since the epoch.
 *
 * `isRead`: its pipeline can read the event, so that a copy of it can be claimed.
 *
 * @param qualifyPerson as the policy has it; by default all ids share one namespace
 */
export function toDiscardEntry(
  letter: StoredDeadLetter,
  { by, because: note }: DiscardedBy,
  now: number,
  qualifyPerson: QualifyPerson = ({ personId }) => personId,
): { entry: JournalEntry; isRead: boolean } | undefined {
  const hrEvent = toHrEvent(letter);
  if (hrEvent === undefined) return undefined;
  const decision = decisionOf(letter, hrEvent);
  const settledAt = new Date(now).toISOString();
  const entry = decision
    ? entryOfDecision(decision, letter, settledAt)
    : entryOfMalformed(letter, hrEvent, settledAt);
  if (entry === undefined) return undefined;
  const personId = qualifyPerson({ personId: entry.personId, origin: decision?.origin });
  return {
    entry: { ...entry, personId, outcome: "discarded", code: letter.cause.code, by, note },
    isRead: decision !== undefined,
  };
}

/**
 * The journal entry of a dead letter that is redriven, as far as the journal has none: that it was rejected, and why. `undefined`
 * for one that its pipeline cannot read, about which nothing was ever decided.
 *
 * @param qualifyPerson as the policy has it; by default all ids share one namespace
 */
export function toRejectedEntry(
  letter: StoredDeadLetter,
  qualifyPerson: QualifyPerson = ({ personId }) => personId,
): JournalEntry | undefined {
  const hrEvent = toHrEvent(letter);
  const decision = hrEvent && decisionOf(letter, hrEvent);
  if (decision === undefined) return undefined;
  const entry = entryOfDecision(decision, letter, new Date(letter.since).toISOString());
  return { ...entry, personId: qualifyPerson(decision) };
}

function decisionOf(
  { receiveCount, firstReceivedAt: receivedAt }: StoredDeadLetter,
  { body, intent }: HrEventOfLetter,
): Decision | undefined {
  return parseRecords([{ body, receiveCount, receivedAt }], pipelines[intent]).decisions[0];
}

interface HrEventOfLetter {
  intent: Intent;
  body: string;
  event: DeadLetterEvent;
}

/** `undefined` for an event of Okta's that becomes no HR event. */
function toHrEvent({ pipeline, body, event }: StoredDeadLetter): HrEventOfLetter | undefined {
  if (pipeline !== "okta") return { intent: pipeline, body, event };
  const conclusion = readOktaBody(body);
  if (conclusion.kind !== "event") return undefined;
  const line = toEventLine(conclusion.event);
  const intent = pipelineNames.find((name) => takes(pipelines[name], conclusion.event.type));
  return intent && { intent, body: line, event: parseDeadLetterEvent(line) };
}

function takes({ detailTypes }: Pipeline, type: DetailType): boolean {
  return detailTypes.includes(type);
}

function entryOfDecision(decision: Decision, { cause }: StoredDeadLetter, settledAt: string): JournalEntry {
  return toJournalEntry(decision, { kind: "rejected", ...cause }, settledAt);
}

/**
 * An event that its pipeline cannot read was never decided on. Once it is mended, or sent to the right pipeline, it comes
 * again, often under the same id. So only this dead letter is discarded, and it is journalled under a name of its own.
 */
function entryOfMalformed(
  { messageId, cause, firstReceivedAt }: StoredDeadLetter,
  { intent, event }: HrEventOfLetter,
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
