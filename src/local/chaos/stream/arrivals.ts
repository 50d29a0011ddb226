import { type SeededRandom, seededRandom } from "../../sampleDay/seededRandom.ts";
import type { HrLine } from "./hrLine.ts";

/** One in so many is published a second time; as many again are delivered twice (`faults/busFaults.ts`). */
const onePublishedTwiceIn = 20;

/**
 * Decisions in, the order in which they are published out: HR's own order, with each event put off by up to half of the
 * whole stream, and some of them sent again at another place.
 */
export function arrivals(decisions: readonly HrLine[], seed: number): HrLine[] {
  const random = seededRandom(seed + 1);
  const inOrder = decisions.toSorted((a, b) => decidedAt(a) - decidedAt(b));
  const again = random.shuffle(inOrder.map((line, index) => ({ line, index })));
  const sendings = [
    ...inOrder.map((line, index) => ({ line, index })),
    ...again.slice(0, Math.floor(decisions.length / onePublishedTwiceIn)),
  ];
  return sendings
    .map(({ line, index }) => ({ line, rank: index + putOff(decisions.length, random) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ line }) => line);
}

function putOff(length: number, random: SeededRandom): number {
  return random.integer(0, Math.ceil(length / 2));
}

function decidedAt({ detail }: HrLine): number {
  return Date.parse(detail.metadata.occurredAt);
}
