import { dayMilliseconds } from "../events/eventTime.ts";

const millisecondsOf: Partial<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: dayMilliseconds,
  w: 7 * dayMilliseconds,
};

/** A length of time such as `90m`, `36h` or `7d`, in milliseconds; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,9})\s*([smhdw])$/.exec(text) ?? [];
  const length = millisecondsOf[unit];
  return length === undefined ? undefined : Number(count) * length;
}
