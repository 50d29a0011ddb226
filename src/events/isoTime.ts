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
