import type { Fault } from "./fault.ts";

/** A fault, and in which share of the draws it strikes: 0 to 1. */
export interface Odds {
  probability: number;
  fault: Fault;
}

/** The fault on which a draw falls, of faults that stand in a row; `undefined` behind the last. `draw` in [0, 1). */
export function drawFault(odds: readonly Odds[], draw: number): Fault | undefined {
  let left = draw;
  for (const { probability, fault } of odds) {
    if (left < probability) return fault;
    left -= probability;
  }
  return undefined;
}
