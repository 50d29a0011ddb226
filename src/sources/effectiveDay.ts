import { getISO } from "temporal-polyfill/fns/Calendar";
import * as PlainDate from "temporal-polyfill/fns/PlainDate";
import { type Conclusion, unusable } from "./reading.ts";

interface EffectiveDay {
  effectiveDate?: string;
  timeZone?: string;
}

/** `undefined` for a text that is no date: what is meant by it may be weeks from now, so it must not be taken for today. */
type ReadDay = EffectiveDay | undefined;

/** In effect when that local day is over: a leaver's last day. At once, where there is no date. */
export function endOfDay(date: string | undefined, timeZone: string): ReadDay {
  if (isNone(date)) return {};
  const day = plainDate(date);
  return day && { effectiveDate: PlainDate.toString(day), timeZone };
}

/** In effect when that local day begins, a joiner's first: an event's date means its end, so it is the day before. */
export function startOfDay(date: string | undefined, timeZone: string): ReadDay {
  if (isNone(date)) return {};
  const day = plainDate(date);
  return day && { effectiveDate: PlainDate.toString(PlainDate.subtractDays(day, 1)), timeZone };
}

/** For `undefined` from the above. @param field its name in the vendor's system */
export const noDate = (field: string): Conclusion =>
  unusable(`expected a date such as 2026-05-14 in ${field}, or nothing; got something else`);

/** BambooHR says 0000-00-00 where it has none. */
function isNone(date: string | undefined): date is undefined | "" | "0000-00-00" {
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
