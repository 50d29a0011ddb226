/** What is remembered of the roster that was synced last. */
export interface LastRoster {
  /** Who shall have had access by it. */
  present: number;
  /** Its time, in milliseconds since the epoch. */
  asOf: number;
}

interface Size {
  /** Who shall have access by the roster. */
  present: number;
  asOf: number;
  /** A share below which the roster is taken for a broken one. */
  leastPercent: number;
  last: LastRoster | undefined;
  /**
   * Of the directory, where whoever has no row is suspended: stands in for the last roster where none is remembered, for
   * the first one would do the most harm. `undefined` where that happens to nobody.
   */
  activeUsers: number | undefined;
}

/** Why the roster must not be believed as a whole, by its size and time; `undefined` if it may. */
export function findShrinkage({ present, asOf, leastPercent, last, activeUsers }: Size): string | undefined {
  if (present === 0)
    return "the roster has nobody who is there, and would suspend everybody; check the export, and the words for people who are there (the policy's roster.present)";
  if (last !== undefined && asOf < last.asOf)
    return `the roster is of ${iso(asOf)}, and one of ${iso(last.asOf)} has been synced already; take a newer one`;
  const [before, whose] =
    last === undefined
      ? [activeUsers, "active users of the directory"]
      : [last.present, `of the last roster, of ${iso(last.asOf)}`];
  if (before === undefined || present >= (before * leastPercent) / 100) return undefined;
  const percent = Math.floor((present * 100) / before);
  return `the roster gives access to ${present}, which is ${percent} % of the ${before} ${whose}; expected ${leastPercent} % at least. If it is whole, say so with --least-percent ${percent}, or in the policy's roster.leastPercent`;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
