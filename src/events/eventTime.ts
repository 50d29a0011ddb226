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
  if (effectiveAt !== undefined) return Date.parse(effectiveAt);
  if (effectiveDate === undefined || timeZone === undefined) return undefined;
  return endOfDay(effectiveDate, timeZone);
}

function endOfDay(date: string, timeZone: string): number {
  const nextDay = PlainDate.addDays(PlainDate.fromString(date, getISO), 1);
  // One spelling: Temporal forbids abbreviations in upper case only, and remembers each spelling for ever.
  return PlainDate.toZonedDateTime(nextDay, timeZone.toUpperCase()).epochMilliseconds;
}

/**
 * Whether a day can be ended in the time zone, as `effectiveTime` does. Intl knows abbreviations such as IST, BST and PST
 * besides, which are several zones in one: Temporal refuses them. Offsets such as `+02:00` are refused on every Node version
 * (newer ones would take them), because an effective date needs the zone's daylight saving rules.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w/+-]*$/.test(name)) return false;
  const zone = name.toUpperCase();
  if (knownTimeZones.has(zone)) return true;
  if (!canEndDay(zone)) return false;
  knownTimeZones.add(zone);
  return true;
}

/** A cache: it takes about 40 µs to check a name, and ten thousand events name the same few zones. */
const knownTimeZones = new Set<string>();

function canEndDay(timeZone: string): boolean {
  try {
    endOfDay("2026-05-14", timeZone);
    return true;
  } catch {
    return false;
  }
}

/** Of a day of 24 hours, in UTC: a local day may be shorter or longer. */
export const dayMilliseconds = 86_400_000;
