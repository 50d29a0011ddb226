import * as z from "zod";
import { dayMilliseconds } from "../events/eventTime.ts";
import { parseDuration } from "./parseDuration.ts";

const lastMoment = 8_640_000_000_000_000;
/**
 * The moment that an operator means, in milliseconds since the epoch: a date (to the end of that day in UTC), a time
 * with an offset, or a length of time from `now`. `undefined` for anything else.
 */
export function parseUntil(text: string, now: number): number | undefined {
  const length = parseDuration(text);
  if (length !== undefined) return Math.min(now + length, lastMoment);
  if (z.iso.date().safeParse(text).success) {
    return Date.parse(text) + dayMilliseconds - 1;
  }
  return z.iso.datetime({ offset: true }).safeParse(text).success ? Date.parse(text) : undefined;
}
