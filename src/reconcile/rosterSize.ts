import type { RememberedRoster } from "./rosterPorts.ts";

interface RosterSize extends Pick<RememberedRoster, "present" | "asOf"> {
  /** The percentage of the last roster below which a roster is rejected as broken. */
  leastPercent: number;
  last: Pick<RememberedRoster, "present" | "asOf"> | undefined;
  /**
   * The directory's active users, where users without a row are suspended. Their number stands in for the last roster where
   * none is remembered, because the first roster would do the most harm. `undefined` where such users are only reported.
   */
  activeUsers: number | undefined;
}

/** Says why a roster must be rejected as a whole, by its size and its time; `undefined` if it may be used. */
export function findShrinkage({
  present,
  asOf,
  leastPercent,
  last,
  activeUsers,
}: RosterSize): string | undefined {
  if (present === 0)
    return "the roster gives access to nobody, and would suspend everybody; check the export, and the words for people who have access (the policy's roster.present)";
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
