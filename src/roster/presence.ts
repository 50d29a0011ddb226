import { dayMilliseconds } from "../events/day.ts";
import { effectiveTime } from "../events/effectiveTime.ts";
import type { RosterRow } from "./rosterRow.ts";

/** Whether a person shall have access at the roster's time. `later`: from a day on that is still to come. */
export type Presence = "present" | "left" | "later";

/**
 * Tells presence at a roster's time. A last day ends where the person is, at its midnight; a hire date begins there. Of a
 * last day and a status the day decides, because HR sets the status when it likes; only a hire after the last day, which
 * is then of an earlier employment, goes before it.
 *
 * @param asOf milliseconds since the epoch
 */
export function presenceAt(asOf: number, zoneByDefault: string): (row: RosterRow) => Presence {
  // People share dates, and to find the end of a day in a time zone is the costliest step of reading a roster.
  const ends = new Map<string, boolean>();
  const isOver = (effectiveDate: string, timeZone: string) => {
    const key = `${effectiveDate} ${timeZone}`;
    const known = ends.get(key);
    if (known !== undefined) return known;
    const over = (effectiveTime({ effectiveDate, timeZone }) ?? Number.POSITIVE_INFINITY) <= asOf;
    ends.set(key, over);
    return over;
  };
  return ({ status, hireDate, lastDay, timeZone = zoneByDefault }) => {
    const isRehired = hireDate !== undefined && lastDay !== undefined && hireDate > lastDay;
    if (lastDay !== undefined && !isRehired && isOver(lastDay, timeZone)) return "left";
    if (hireDate !== undefined && !isOver(dayBefore(hireDate), timeZone)) return "later";
    return status === "left" && (lastDay === undefined || isRehired) ? "left" : "present";
  };
}

/** A day begins when the one before it ends. */
function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - dayMilliseconds).toISOString().slice(0, 10);
}
