import type { Budget } from "../drain/attempt.ts";

/** Kept for what follows the calls: settling, dead letters and back-off. Of a short invocation a quarter of its time. */
const longestReserveMilliseconds = 15_000;
/** The longest that one call may take, its retries included. */
const longestCallMilliseconds = 30_000;
/** A call is not started with less than this: it would be cut off, and its answer lost. */
const shortestCallMilliseconds = 2_000;

/** Gives each call its share of the time that the invocation has left, in milliseconds. To be made when it starts. */
export function callBudget(remainingMilliseconds: () => number): Budget {
  const reserveMilliseconds = Math.min(longestReserveMilliseconds, Math.floor(remainingMilliseconds() / 4));
  return () => {
    const milliseconds = Math.min(longestCallMilliseconds, remainingMilliseconds() - reserveMilliseconds);
    return milliseconds < shortestCallMilliseconds ? undefined : { milliseconds };
  };
}
