import type { Comparison } from "../../roster/comparison.ts";
import type { HeldAccount } from "../../roster/findHeld.ts";
import type { PlannedCalls } from "../../roster/planCalls.ts";

/** What `plan` shows and `sync` carries out. */
export interface RosterPlan extends Comparison {
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  directory: { accounts: number; users: number };
  calls: readonly PlannedCalls[];
  held: readonly HeldAccount[];
}
