import { deadLetterAttributes } from "../../queue/deadLetter.ts";
import { type LetterSource, letterSources } from "../../queue/letterSource.ts";
import type { StoredLetter } from "../../queue/storedLetter.ts";
import type { ShowText } from "../ledger/shownText.ts";

/** A dead letter, as it is shown. Times are ISO 8601 in UTC. */
export interface LetterReport {
  pipeline: LetterSource;
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
  /** When a function first had it, if the drain rejected it. */
  firstReceivedAt?: string;
}

/** How many there are of each code in each pipeline; of the most telling kind first within a pipeline. */
export interface LetterCount {
  pipeline: LetterSource;
  code: string;
  count: number;
}

/** @param now milliseconds since the epoch */
export function toLetterReport(letter: StoredLetter, show: ShowText, now: number): LetterReport {
  const { pipeline, cause, event, messageId, since, firstReceivedAt, attributes } = letter;
  const { type, eventId, personId, emails } = event;
  const originalMessageId = attributes[deadLetterAttributes.messageId];
  return {
    pipeline,
    code: show(cause.code),
    reason: show(cause.reason),
    ...(cause.requestId !== undefined && { requestId: show(cause.requestId) }),
    ...(type !== undefined && { type: show(type) }),
    ...(eventId !== undefined && { eventId: show(eventId) }),
    ...(personId !== undefined && { personId: show(personId) }),
    emails: emails.map(show),
    messageId,
    ...(originalMessageId !== undefined && { originalMessageId: show(originalMessageId) }),
    since: new Date(since).toISOString(),
    ageSeconds: Math.max(0, Math.round((now - since) / 1000)),
    ...(attributes[deadLetterAttributes.firstReceivedAt] !== undefined && {
      firstReceivedAt: new Date(firstReceivedAt).toISOString(),
    }),
  };
}

export function countLetters(letters: readonly LetterReport[]): LetterCount[] {
  const counts = new Map<string, LetterCount>();
  for (const { pipeline, code } of letters) {
    const key = `${pipeline} ${code}`;
    const count = counts.get(key)?.count ?? 0;
    counts.set(key, { pipeline, code, count: count + 1 });
  }
  return [...counts.values()].toSorted(
    (a, b) =>
      letterSources.indexOf(a.pipeline) - letterSources.indexOf(b.pipeline) ||
      b.count - a.count ||
      (a.code < b.code ? -1 : 1),
  );
}
