import { type DeadLetterSource, deadLetterAttributes, deadLetterSources } from "../queue/deadLetter.ts";
import { deadLetterAdvice } from "../queue/deadLetterAdvice.ts";
import {
  type DeadLetterQueue,
  type ReceivedDeadLetters,
  receiveDeadLetters,
} from "../queue/deadLetterQueue.ts";
import type { StoredDeadLetter } from "../queue/storedDeadLetter.ts";
import { type Redact, redactForDisplay, redactJson, revealJson } from "./displayText.ts";

/** Narrows the dead letters down. All filters that are given must match. */
export interface DeadLetterFilter {
  pipeline?: DeadLetterSource;
  code?: string;
  /** Part of the reason, in any case. */
  reason?: string;
  /** A person's id, or an address that the event names. */
  person?: string;
  /** Ages in milliseconds. */
  olderThan?: number;
  newerThan?: number;
  /** Of events or messages; a dead letter is meant if it has one of them. */
  ids?: readonly string[];
  /** Lists, of which a part may have no dead letter: that is told, and the others are meant all the same. */
  listed?: DeadLetterLists;
}

export interface DeadLetterLists {
  /** Of events or messages. */
  ids?: readonly string[];
  /** Ids of people, or addresses that the events name. */
  people?: readonly string[];
}

export interface DeadLetterPorts {
  queues: readonly DeadLetterQueue[];
  /** Names the stack in the report. */
  stack: string;
  /** Once it is aborted, nothing new is begun, and the dead letters are put back. */
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now: () => number;
  onWarning: (warning: DeadLetterWarning) => void;
}

export type DeadLetterWarning =
  /** About so many could not be received, because another reader has them for the next five minutes. */
  | { kind: "hidden"; count: number }
  /** Some could not be put back; they become visible by themselves within five minutes. */
  | { kind: "notPutBack"; reasons: string[] };

export type DeadLetterResult<Report> =
  | { kind: "done"; report: Report }
  /** No dead letter has these ids. */
  | { kind: "missing"; ids: string[] }
  /** The operator did not confirm. */
  | { kind: "declined" }
  | { kind: "interrupted" };

/** The dead letters, and how many of each code in each pipeline. */
export interface DeadLetterListReport {
  stack: string;
  count: number;
  counts: DeadLetterCount[];
  /** Entries of the lists that no dead letter has. */
  notFound: string[];
  letters: DeadLetterReport[];
}

/** Lists dead letters by pipeline, the oldest first. Throws what the queues throw. */
export function listDeadLetters(
  filter: DeadLetterFilter,
  ports: DeadLetterPorts,
): Promise<DeadLetterResult<DeadLetterListReport>> {
  return useDeadLetters(ports, async ({ letters }) => {
    const now = ports.now();
    const redact = redactForDisplay(...typedIn(filter));
    const { chosen, notFound } = chooseDeadLetters(letters, filter, now);
    const reports = chosen.map((letter) => toDeadLetterReport(letter, redact, now));
    const { stack } = ports;
    const counts = countDeadLetters(reports);
    return { kind: "done", report: { stack, count: reports.length, counts, notFound, letters: reports } };
  });
}

/** A dead letter with everything that came with it. */
export interface FullDeadLetterReport extends DeadLetterReport {
  meaning: string;
  advice: string;
  receiveCount: number;
  attributes: Record<string, string>;
  /** The body's JSON, or its text if it is none; with its addresses and names masked, unless they are asked for. */
  body: unknown;
}

/**
 * Shows everything about the dead letter of an event or a message; about all of them, if an event was rejected twice.
 * `isRevealed` shows e-mail addresses and names in full.
 */
export function showDeadLetter(
  id: string,
  { isRevealed }: { isRevealed: boolean },
  ports: DeadLetterPorts,
): Promise<DeadLetterResult<{ stack: string; letters: FullDeadLetterReport[] }>> {
  return useDeadLetters(ports, async ({ letters }) => {
    const now = ports.now();
    const { chosen, missing } = chooseDeadLetters(letters, { ids: [id] }, now);
    if (missing.length > 0) return { kind: "missing", ids: missing };
    const redact: Redact = isRevealed ? (text) => text : redactForDisplay();
    const reports = chosen.map((letter) => toFullReport(letter, redact, isRevealed, now));
    return { kind: "done", report: { stack: ports.stack, letters: reports } };
  });
}

/** Receives the dead letters, passes them to `use`, and puts back those that are still there. */
export async function useDeadLetters<Report>(
  { queues, signal, onWarning }: DeadLetterPorts,
  use: (received: ReceivedDeadLetters) => Promise<DeadLetterResult<Report>>,
): Promise<DeadLetterResult<Report>> {
  const reading = await receiveDeadLetters(queues, signal, (received) => {
    if (received.hidden > 0) onWarning({ kind: "hidden", count: received.hidden });
    return use(received);
  });
  const reasons = [...new Set(reading.errors.map(String))];
  if (reasons.length > 0) onWarning({ kind: "notPutBack", reasons });
  return reading.kind === "used" ? reading.value : { kind: "interrupted" };
}

export interface ChosenDeadLetters {
  /** By pipeline, the oldest first. */
  chosen: StoredDeadLetter[];
  /** Ids that no dead letter has. */
  missing: string[];
  /** Entries of the lists that no dead letter has which is meant. */
  notFound: string[];
}

/** @param now milliseconds since the epoch */
export function chooseDeadLetters(
  letters: readonly StoredDeadLetter[],
  filter: DeadLetterFilter,
  now: number,
): ChosenDeadLetters {
  const { ids = [], listed = {} } = filter;
  const chosen = letters.filter((letter) => isMeant(letter, filter, now)).toSorted(byPipelineAndAge);
  return {
    chosen,
    missing: ids.filter((id) => !letters.some((letter) => hasId(letter, id))),
    notFound: [
      ...(listed.ids ?? []).filter((id) => !chosen.some((letter) => hasId(letter, id))),
      ...(listed.people ?? []).filter((person) => !chosen.some((letter) => isOf(letter, person))),
    ],
  };
}

/** What the operator typed, or gave as a list: an address in it is known already, and is shown. */
export function typedIn({ person, listed = {} }: DeadLetterFilter): (string | undefined)[] {
  return [person, ...(listed.people ?? [])];
}

/** Whether no filter is given, so that every dead letter would be meant. */
export function meansEveryDeadLetter({ ids = [], ...filter }: DeadLetterFilter): boolean {
  const { pipeline, code, reason, person, olderThan, newerThan, listed } = filter;
  const given = [pipeline, code, reason, person, olderThan, newerThan, listed];
  return ids.length === 0 && given.every((value) => value === undefined);
}

function isMeant(letter: StoredDeadLetter, filter: DeadLetterFilter, now: number): boolean {
  const { pipeline, code, reason, person, olderThan = 0, newerThan = Number.POSITIVE_INFINITY } = filter;
  const { ids = [], listed = {} } = filter;
  const age = now - letter.since;
  return (
    (pipeline === undefined || letter.pipeline === pipeline) &&
    (code === undefined || letter.cause.code.toLowerCase() === code.toLowerCase()) &&
    (reason === undefined || letter.cause.reason.toLowerCase().includes(reason.toLowerCase())) &&
    (person === undefined || isOf(letter, person)) &&
    // A clock that is ahead of ours makes an age negative: it is still no reason to leave a dead letter out.
    Math.max(age, 0) >= olderThan &&
    age < newerThan &&
    (ids.length === 0 || ids.some((id) => hasId(letter, id))) &&
    (listed.ids === undefined || listed.ids.some((id) => hasId(letter, id))) &&
    (listed.people === undefined || listed.people.some((each) => isOf(letter, each)))
  );
}

function isOf({ event }: StoredDeadLetter, person: string): boolean {
  return event.personId === person || event.emails.includes(person.toLowerCase());
}

/** A message's id is a UUID. So much of it tells it from all others that an operator sees. */
export const shortIdLength = 8;

/** The event's id, that of the rejected message, or the dead letter's own, of which the beginning is enough. */
function hasId({ event, messageId, attributes }: StoredDeadLetter, id: string): boolean {
  const ids = [event.eventId, messageId, attributes[deadLetterAttributes.messageId]];
  return ids.includes(id) || (id.length >= shortIdLength && messageId.startsWith(id));
}

function byPipelineAndAge(a: StoredDeadLetter, b: StoredDeadLetter): number {
  const order = deadLetterSources.indexOf(a.pipeline) - deadLetterSources.indexOf(b.pipeline);
  return order === 0 ? a.since - b.since : order;
}

/** A dead letter. Times are ISO 8601 in UTC. */
export interface DeadLetterReport {
  pipeline: DeadLetterSource;
  code: string;
  reason: string;
  requestId?: string;
  type?: string;
  eventId?: string;
  personId?: string;
  emails: string[];
  /** In the dead-letter queue, and, if the drain rejected it, before that. */
  messageId: string;
  originalMessageId?: string;
  /** When it was rejected; where AWS moved it, when it was sent. */
  since: string;
  ageSeconds: number;
  /** When a function first received it, if the drain rejected it. */
  firstReceivedAt?: string;
}

/** @param now milliseconds since the epoch */
export function toDeadLetterReport(letter: StoredDeadLetter, redact: Redact, now: number): DeadLetterReport {
  const { pipeline, cause, event, messageId, since, firstReceivedAt, attributes } = letter;
  const { type, eventId, personId, emails } = event;
  const originalMessageId = attributes[deadLetterAttributes.messageId];
  return {
    pipeline,
    code: redact(cause.code),
    reason: redact(cause.reason),
    ...(cause.requestId !== undefined && { requestId: redact(cause.requestId) }),
    ...(type !== undefined && { type: redact(type) }),
    ...(eventId !== undefined && { eventId: redact(eventId) }),
    ...(personId !== undefined && { personId: redact(personId) }),
    emails: emails.map(redact),
    messageId,
    ...(originalMessageId !== undefined && { originalMessageId: redact(originalMessageId) }),
    since: new Date(since).toISOString(),
    ageSeconds: Math.max(0, Math.round((now - since) / 1000)),
    ...(attributes[deadLetterAttributes.firstReceivedAt] !== undefined && {
      firstReceivedAt: new Date(firstReceivedAt).toISOString(),
    }),
  };
}

function toFullReport(
  letter: StoredDeadLetter,
  redact: Redact,
  isRevealed: boolean,
  now: number,
): FullDeadLetterReport {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(letter.attributes)) attributes[redact(name)] = redact(value);
  return {
    ...toDeadLetterReport(letter, redact, now),
    ...deadLetterAdvice(letter.cause.code),
    receiveCount: letter.receiveCount,
    attributes,
    body: isRevealed ? revealJson(letter.body) : redactJson(letter.body, redact),
  };
}

/** How many there are of each code in each pipeline; the most frequent code first within a pipeline. */
export interface DeadLetterCount {
  pipeline: DeadLetterSource;
  code: string;
  count: number;
}

function countDeadLetters(letters: readonly DeadLetterReport[]): DeadLetterCount[] {
  const counts = new Map<string, DeadLetterCount>();
  for (const { pipeline, code } of letters) {
    const key = `${pipeline} ${code}`;
    const count = counts.get(key)?.count ?? 0;
    counts.set(key, { pipeline, code, count: count + 1 });
  }
  return [...counts.values()].toSorted(
    (a, b) =>
      deadLetterSources.indexOf(a.pipeline) - deadLetterSources.indexOf(b.pipeline) ||
      b.count - a.count ||
      (a.code < b.code ? -1 : 1),
  );
}
