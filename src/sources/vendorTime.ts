/** `2026-01-31T18:42:00+0000`, with any fraction of a second, and with an offset, a `Z` or nothing after it. */
const timestamp = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,9})?(?:(Z)|([+-]\d{2}):?(\d{2}))?$/;
const unixSeconds = /^\d{9,11}$/;

/**
 * A vendor's timestamp in milliseconds since the epoch: Unix seconds, or ISO 8601 as vendors spell it, with an offset that
 * lacks its colon or with none at all, which is taken for UTC. `undefined` for anything else.
 */
export function vendorTime(value: string | number): number | undefined {
  const text = String(value).trim();
  if (unixSeconds.test(text)) return Number(text) * 1000;
  const [, seconds, fraction = "", , hours, minutes] = timestamp.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  // Date.parse is only sure to read three digits of a fraction.
  const milliseconds = fraction.padEnd(4, fraction === "" ? ".000" : "0").slice(0, 4);
  const offset = hours === undefined ? "Z" : `${hours}:${minutes}`;
  const time = Date.parse(`${seconds}${milliseconds}${offset}`);
  return Number.isNaN(time) ? undefined : time;
}

/** The same as an event's `occurredAt`. */
export function toInstant(value: string | number): string | undefined {
  const time = vendorTime(value);
  return time === undefined ? undefined : new Date(time).toISOString();
}
