import { durationText } from "../ledger/durationText.ts";

/**
 * How long an allowance holds still, to the nearest minute, so that two hours are "2 h" in the moment after as well. Both
 * in milliseconds since the epoch.
 */
export function restText(until: number, now: number): string {
  const rest = until - now;
  return durationText(rest < 60_000 ? rest / 1000 : Math.round(rest / 60_000) * 60);
}
