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
  const nextDay = PlainDate.addDays(PlainDate.fromString(effectiveDate, getISO), 1);
  return PlainDate.toZonedDateTime(nextDay, timeZone).epochMilliseconds;
}

/**
 * Whether the runtime knows the IANA time zone. Offsets such as `+02:00` are refused on every Node version
 * (newer ones would take them), because an effective date needs the zone's daylight saving rules.
 */
export function isTimeZone(name: string): boolean {
  if (knownTimeZones.has(name)) return true;
  if (!/^[A-Za-z]/.test(name) || !isFormattable(name)) return false;
  // Spellings are case-insensitive, so a hostile sender could invent very many of one zone.
  if (knownTimeZones.size < MAX_KNOWN_TIME_ZONES) knownTimeZones.add(name);
  return true;
}

/** A cache: Intl takes about 40 µs to check a name, and ten thousand events name the same few zones. */
const knownTimeZones = new Set<string>();
const MAX_KNOWN_TIME_ZONES = 1000;

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
