import { drawFault, type Odds } from "./drawFault.ts";
import type { FaultPlan } from "./fault.ts";
import type { ReceivedCall } from "./receivedCall.ts";
import { type Seed, seededFraction } from "./seededValues.ts";

export interface RandomFaults {
  seed: Seed;
  /** Shares of all calls, 1 in total at most; the rest passes. */
  odds: readonly Odds[];
  /**
   * What a call's draw follows from, beside the seed. Default: its number, so that the n-th call of every run
   * meets the same fate. Under concurrency the order of arrival varies; name the call by its content there.
   */
  drawBy?: (call: ReceivedCall) => string;
}

/**
 * One draw a call, over all the odds.
 * @throws if a probability is negative, or if together they exceed 1.
 */
export function randomFaults({
  seed,
  odds,
  drawBy = ({ sequence }) => String(sequence),
}: RandomFaults): FaultPlan {
  const total = odds.reduce((sum, { probability }) => sum + probability, 0);
  // A little room: ten times 0.1 exceeds 1 in floating point.
  if (odds.some(({ probability }) => !(probability >= 0)) || total > 1 + 1e-9) {
    throw new Error(`Expected probabilities of 0 or more, 1 in total at most, got a total of ${total}.`);
  }
  return (call) => drawFault(odds, seededFraction(seed, drawBy(call)));
}
