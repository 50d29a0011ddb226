import { Temporal } from "temporal-polyfill";

interface EffectiveDay {
  effectiveDate?: string;
  timeZone?: string;
}

/** In effect when that local day is over: a leaver's last day. At once, where there is no such date. */
export function endOfDay(date: string | undefined, timeZone: string): EffectiveDay {
  const day = plainDate(date);
  return day === undefined ? {} : { effectiveDate: day.toString(), timeZone };
}

/** In effect when that local day begins, a joiner's first: an event's date means its end, so it is the day before. */
export function startOfDay(date: string | undefined, timeZone: string): EffectiveDay {
  const day = plainDate(date);
  return day === undefined ? {} : { effectiveDate: day.subtract({ days: 1 }).toString(), timeZone };
}

/** What is no date of the calendar is none: BambooHR, for one, says 0000-00-00 where it has none. */
function plainDate(text: string | undefined): Temporal.PlainDate | undefined {
  if (text === undefined || !/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
