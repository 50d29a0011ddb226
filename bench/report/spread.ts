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
