import { getISO } from "temporal-polyfill/fns/Calendar";
// Temporal's functions and not its classes: a class comes with all that it can do, and every cold start reads it.
import * as PlainDate from "temporal-polyfill/fns/PlainDate";
import { parseTime } from "./parseTime.ts";

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
