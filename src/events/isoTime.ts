import { dayMilliseconds } from "./day.ts";

/** The last that `Date` knows; the first lies as far before the epoch. */
const lastMoment = 8_640_000_000_000_000;

/**
 * A moment as ISO 8601 in UTC, such as `2026-05-14T17:00:05.000Z`: what `Date` makes of it, in a sixth of the time, because
 * the journal has two for each event. Throws a RangeError for what is no time.
 */
export function isoTime(milliseconds: number): string {
  const moment = Math.trunc(milliseconds);
  if (!(Math.abs(moment) <= lastMoment)) throw new RangeError(`expected a time; got ${milliseconds}`);
  const day = Math.floor(moment / dayMilliseconds);
  const time = moment - day * dayMilliseconds;
  const hours = two(Math.floor(time / 3_600_000));
  const minutes = two(Math.floor(time / 60_000) % 60);
  const seconds = two(Math.floor(time / 1000) % 60);
  const clock = `${hours}:${minutes}:${seconds}.${String(time % 1000).padStart(3, "0")}`;
  return `${startOf(day)}${clock}Z`;
}

/** How a day's times begin, such as `2026-05-14T`, by the day: the events of a batch are of a few. */
const starts = new Map<number, string>();
const maxStarts = 1000;

function startOf(day: number): string {
  const known = starts.get(day);
  if (known !== undefined) return known;
  const start = new Date(day * dayMilliseconds).toISOString().slice(0, -"00:00:00.000Z".length);
  if (starts.size >= maxStarts) starts.clear();
  starts.set(day, start);
  return start;
}

const two = (number: number) => (number < 10 ? `0${number}` : String(number));
