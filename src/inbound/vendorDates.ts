import { getISO } from "temporal-polyfill/fns/Calendar";
import * as PlainDate from "temporal-polyfill/fns/PlainDate";
import { effectiveTime } from "../events/eventTime.ts";
import { type FinalReading, invalid } from "./inboundEvent.ts";

/** `undefined` for a text that is no date: it may mean a day that is weeks from now, so it must not be taken for today. */
export type EffectiveDay = { effectiveDate?: string; timeZone?: string } | undefined;

/** A leaver's last day: in effect when that local day is over, or at once where there is no date. */
export function endOfDay(date: string | undefined, timeZone: string): EffectiveDay {
  if (isAbsent(date)) return {};
  const day = plainDate(date);
  return day && { effectiveDate: PlainDate.toString(day), timeZone };
}

/**
 * A joiner's first day: in effect when that local day begins, or at once where there is no date. An event's date means its
 * end, so it is the day before.
 */
export function startOfDay(date: string | undefined, timeZone: string): EffectiveDay {
  if (isAbsent(date)) return {};
  const day = plainDate(date);
  return day && { effectiveDate: PlainDate.toString(PlainDate.subtractDays(day, 1)), timeZone };
}

/** The same for a first day that was ahead when the vendor decided. One that was over says nothing: it may be of years ago. */
export function startOfDayAhead(
  date: string | undefined,
  timeZone: string,
  occurredAt: string,
): EffectiveDay {
  const day = startOfDay(date, timeZone);
  const time = day && effectiveTime(day);
  return time !== undefined && time <= Date.parse(occurredAt) ? {} : day;
}

/** Reports the `undefined` of the functions above. @param field its name in the vendor's system */
export const noDate = (field: string): FinalReading =>
  invalid(`expected a date such as 2026-05-14 in ${field}, or nothing; got something else`);

/** BambooHR writes 0000-00-00 for a date that is not set. */
function isAbsent(date: string | undefined): date is undefined | "" | "0000-00-00" {
  return date === undefined || date === "" || date === "0000-00-00";
}

function plainDate(text: string): PlainDate.Record | undefined {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return PlainDate.fromString(text, getISO);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A vendor's timestamp as an event's `occurredAt`; `undefined` for what `vendorTime` cannot read. */
export function toInstant(value: string | number): string | undefined {
  const time = vendorTime(value);
  return time === undefined ? undefined : new Date(time).toISOString();
}

/**
 * Reads a vendor's timestamp, in milliseconds since the epoch: Unix seconds, or ISO 8601 as vendors spell it, with an offset
 * that lacks its colon or with none at all, which is taken for UTC. `undefined` for anything else.
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

/** `2026-01-31T18:42:00+0000`, with any fraction of a second, and with an offset, a `Z` or nothing after it. */
const timestamp = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,9})?(?:(Z)|([+-]\d{2}):?(\d{2}))?$/;
const unixSeconds = /^\d{9,11}$/;
