import { type Arrival, toArrivals } from "./arrival.ts";
import { gatherCast } from "./cast.ts";
import { HOUR_SECONDS } from "./draft.ts";
import { malformedEvents } from "./malformedEvents.ts";
import { oddities } from "./oddities.ts";
import { ordinaryEvents } from "./ordinaryEvents.ts";
import { sampleAccounts } from "./sampleAccounts.ts";
import { type SeededRandom, seededRandom } from "./seededRandom.ts";
import { stories } from "./stories.ts";

/** The day the samples tell of; also the seed, so that it is the same day everywhere. */
const SEED = 20260514;
const DUPLICATES = 52;

/**
 * One HR day as JSON lines for `rollcall publish`, in the order of arrival: a few hundred events over the
 * accounts of `sampleAccounts.ts`, with everything that goes wrong in a real feed.
 */
export function sampleDay(): string[] {
  const random = seededRandom(SEED);
  const team = gatherCast(sampleAccounts.team, random);
  const lwa = gatherCast(sampleAccounts.lwa, random);
  const drafts = [
    ...ordinaryEvents(team, lwa, random),
    ...stories(team, lwa, random),
    ...oddities(team, lwa),
  ];
  const arrivals = toArrivals(drafts, random);
  return [...arrivals, ...sentAgain(arrivals, random), ...malformedEvents(team)]
    .sort((a, b) => a.second - b.second)
    .map(({ event }) => JSON.stringify(event));
}

/** Delivered twice: mostly at once, as a retry does, and sometimes hours later, as a replay does. */
function sentAgain(arrivals: readonly Arrival[], random: SeededRandom): Arrival[] {
  return random
    .shuffle(arrivals)
    .slice(0, DUPLICATES)
    .map(({ second, event }, index) => {
      const gap =
        index % 4 === 0 ? random.integer(3 * HOUR_SECONDS, 9 * HOUR_SECONDS) : random.integer(1, 90);
      return { second: second + gap, event };
    });
}
