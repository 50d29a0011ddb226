import type { Budget } from "../drain/attempt.ts";

const longestReserveMilliseconds = 15_000;
/** The longest that one call may take, its retries included. */
const longestCallMilliseconds = 30_000;
/** A call is not started with less than this: it would be cut off, and its answer lost. */
const shortestCallMilliseconds = 2_000;

/** Gives each call its share of the time that the invocation has left, in milliseconds. To be made when it starts. */
export function callBudget(remainingMilliseconds: () => number): Budget {
  const reserveMilliseconds = reserveOf(remainingMilliseconds());
  return () => {
    const milliseconds = Math.min(longestCallMilliseconds, remainingMilliseconds() - reserveMilliseconds);
    return milliseconds < shortestCallMilliseconds ? undefined : { milliseconds };
  };
}

/** What is kept for the end: settling, dead letters, back-off, what is under way. Of a short time a quarter. In milliseconds. */
export function reserveOf(remainingMilliseconds: number): number {
  return Math.min(longestReserveMilliseconds, Math.floor(remainingMilliseconds / 4));
}
