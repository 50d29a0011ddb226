import type { Comparison } from "./comparison.ts";
import type { HeldAccount } from "./findHeld.ts";
import type { PlannedCalls } from "./planCalls.ts";

/** What a roster would change, and what is published of it. */
export interface RosterPlan extends Comparison {
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  directory: { accounts: number; users: number };
  calls: readonly PlannedCalls[];
  held: readonly HeldAccount[];
}
