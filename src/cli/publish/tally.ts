import type { LineResult } from "./lineResult.ts";
import { type Rejection, toRejection } from "./rejection.ts";

export interface Tally {
  counts: Record<LineResult["status"], number>;
  /** The first ones; a file of a million bad lines must not fill the memory with their reasons. */
  rejections: Rejection[];
}

export const MAX_LISTED_REJECTIONS = 1000;

export function emptyTally(): Tally {
  return { counts: { accepted: 0, valid: 0, malformed: 0, refused: 0, unsent: 0 }, rejections: [] };
}

/** Counts the result, and gives back the rejection if it is one. */
export function count(tally: Tally, result: LineResult): Rejection | undefined {
  tally.counts[result.status]++;
  const rejection = toRejection(result);
  if (rejection !== undefined && tally.rejections.length < MAX_LISTED_REJECTIONS) {
    tally.rejections.push(rejection);
  }
  return rejection;
}

export function totalOf({ counts }: Tally): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

export function rejectedOf({ counts }: Tally): number {
  return counts.malformed + counts.refused + counts.unsent;
}
