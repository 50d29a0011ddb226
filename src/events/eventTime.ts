import { getISO } from "temporal-polyfill/fns/Calendar";
import * as PlainDate from "temporal-polyfill/fns/PlainDate";

// Temporal's functions and not its classes: a class comes with all that it can do, and every cold start reads it.

export interface EffectiveFields {
  effectiveAt?: string | undefined;
  effectiveDate?: string | undefined;
  timeZone?: string | undefined;
}

/**
 * When an event takes effect, in milliseconds since the epoch; `undefined` if it does not say. A date means the end of
 * that day where the person is: the first moment of the next local day, whatever the clocks do in that night.
 */
export function effectiveTime({ effectiveAt, effectiveDate, timeZone }: EffectiveFields): number | undefined {
  if (effectiveAt !== undefined) return parseTime(effectiveAt);
  if (effectiveDate === undefined || timeZone === undefined) return undefined;
  const nextDay = PlainDate.addDays(PlainDate.fromString(effectiveDate, getISO), 1);
  return PlainDate.toZonedDateTime(nextDay, timeZone).epochMilliseconds;
}

/**
 * A time that the schema let through, in milliseconds since the epoch: what `Date.parse` makes of it, in a third of the time
 * for the form that nearly every event has, such as `2026-05-14T17:00:05Z`.
 */
export function parseTime(text: string): number {
  // Of years before 1000 `Date.UTC` takes some for those of the 20th century.
  if (text.length !== "2026-05-14T17:00:05Z".length || !text.endsWith("Z") || text.startsWith("0"))
    return Date.parse(text);
  const year = 100 * readTwoDigits(text, 0) + readTwoDigits(text, 2);
  const month = readTwoDigits(text, 5) - 1;
  return Date.UTC(
    year,
    month,
    readTwoDigits(text, 8),
    readTwoDigits(text, 11),
    readTwoDigits(text, 14),
    readTwoDigits(text, 17),
  );
}

const zero = "0".charCodeAt(0);

function readTwoDigits(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - zero) + text.charCodeAt(at + 1) - zero;
}

/** The last that `Date` knows; the first lies as far before the epoch. */
const lastMoment = 8_640_000_000_000_000;
const minuteMilliseconds = 60_000;

/**
 * A moment as ISO 8601 in UTC, such as `2026-05-14T17:00:05.000Z`: what `Date` makes of it, in a tenth of the time, because
 * the journal has two for each event. Throws a RangeError for what is no time.
 */
export function isoTime(milliseconds: number): string {
  const moment = Math.trunc(milliseconds);
  if (!(Math.abs(moment) <= lastMoment)) throw new RangeError(`expected a time; got ${milliseconds}`);
  const minute = Math.floor(moment / minuteMilliseconds);
  const rest = moment - minute * minuteMilliseconds;
  const seconds = `${twoDigits[Math.floor(rest / 1000)]}.${threeDigits[rest % 1000]}Z`;
  return `${startOf(minute)}${seconds}`;
}

/** How a minute's times begin, such as `2026-05-14T17:00:`, by the minute: the events of a batch are of a few. */
const starts = new Map<number, string>();
/** More than a day's. */
const maxStarts = 2000;

function startOf(minute: number): string {
  const known = starts.get(minute);
  if (known !== undefined) return known;
  const start = new Date(minute * minuteMilliseconds).toISOString().slice(0, -"00.000Z".length);
  if (starts.size >= maxStarts) starts.clear();
  starts.set(minute, start);
  return start;
}

const twoDigits = digits(2);
const threeDigits = digits(3);

/** All numbers of so many digits, as text. */
function digits(width: number): string[] {
  return Array.from({ length: 10 ** width }, (_, number) => String(number).padStart(width, "0"));
}

/**
 * Whether the runtime knows the IANA time zone. Offsets such as `+02:00` are refused on every Node version
 * (newer ones would take them), because an effective date needs the zone's daylight saving rules.
 */
export function isTimeZone(name: string): boolean {
  if (known.has(name)) return true;
  if (!/^[A-Za-z]/.test(name) || !isFormattable(name)) return false;
  // Spellings are case-insensitive, so a hostile sender could invent very many of one zone.
  if (known.size < MAX_KNOWN) known.add(name);
  return true;
}

/** Asking Intl costs about 40 µs, and ten thousand events name the same few zones. */
const known = new Set<string>();
const MAX_KNOWN = 1000;

function isFormattable(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Of a day of 24 hours, in UTC: a local day may be shorter or longer. */
export const dayMilliseconds = 86_400_000;
