/** What several runs of the same thing came to. */
export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** Throws for an empty list. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  if (min === undefined || max === undefined) throw new Error("There is no spread of no values.");
  return { min, median: middle.reduce((sum, value) => sum + value, 0) / middle.length, max };
}

/**
 * The smallest of the values that so many percent of them do not exceed (nearest rank). Throws for an empty list.
 *
 * @param percent above 0, at most 100
 */
export function percentileOf(values: readonly number[], percent: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.ceil((percent / 100) * values.length) - 1];
  if (value === undefined) throw new Error("There is no percentile of no values.");
  return value;
}
