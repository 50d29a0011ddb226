import { deadLetterAttributes } from "../../queue/deadLetter.ts";
import { type LetterSource, letterSources } from "../../queue/letterSource.ts";
import type { StoredLetter } from "../../queue/storedLetter.ts";
import { shortIdLength } from "./shortId.ts";

/** What narrows the letters down; all that is given must hold. */
export interface LetterFilter {
  pipeline?: LetterSource;
  code?: string;
  /** Part of the reason, in any case. */
  reason?: string;
  /** A person's id, or an address that the event names. */
  person?: string;
  /** Ages in milliseconds. */
  olderThan?: number;
  newerThan?: number;
  /** Of events or messages; a letter is meant if it has one of them. */
  ids?: readonly string[];
}

export interface Choice {
  /** By pipeline, the oldest first. */
  chosen: StoredLetter[];
  /** Ids that no letter has. */
  missing: string[];
}

/** @param now milliseconds since the epoch */
export function chooseLetters(letters: readonly StoredLetter[], filter: LetterFilter, now: number): Choice {
  const { ids = [] } = filter;
  return {
    chosen: letters.filter((letter) => isMeant(letter, filter, now)).toSorted(byPipelineAndAge),
    missing: ids.filter((id) => !letters.some((letter) => hasId(letter, id))),
  };
}

/** Whether nothing narrows the letters down, so that all of them would be meant. */
export function isUnfiltered({ ids = [], ...filter }: LetterFilter): boolean {
  const { pipeline, code, reason, person, olderThan, newerThan } = filter;
  const given = [pipeline, code, reason, person, olderThan, newerThan];
  return ids.length === 0 && given.every((value) => value === undefined);
}

function isMeant(letter: StoredLetter, filter: LetterFilter, now: number): boolean {
  const { pipeline, code, reason, person, olderThan = 0, newerThan = Number.POSITIVE_INFINITY } = filter;
  const { ids = [] } = filter;
  const age = now - letter.since;
  return (
    (pipeline === undefined || letter.pipeline === pipeline) &&
    (code === undefined || letter.cause.code.toLowerCase() === code.toLowerCase()) &&
    (reason === undefined || letter.cause.reason.toLowerCase().includes(reason.toLowerCase())) &&
    (person === undefined || isOf(letter, person)) &&
    // A clock that is ahead of ours makes an age negative: it is still no reason to leave a letter out.
    Math.max(age, 0) >= olderThan &&
    age < newerThan &&
    (ids.length === 0 || ids.some((id) => hasId(letter, id)))
  );
}

function isOf({ event }: StoredLetter, person: string): boolean {
  return event.personId === person || event.emails.includes(person.toLowerCase());
}

/** The event's, that of the message which the drain rejected, or the letter's own, of which the beginning is enough. */
function hasId({ event, messageId, attributes }: StoredLetter, id: string): boolean {
  const ids = [event.eventId, messageId, attributes[deadLetterAttributes.messageId]];
  return ids.includes(id) || (id.length >= shortIdLength && messageId.startsWith(id));
}

function byPipelineAndAge(a: StoredLetter, b: StoredLetter): number {
  const order = letterSources.indexOf(a.pipeline) - letterSources.indexOf(b.pipeline);
  return order === 0 ? a.since - b.since : order;
}
