import type { SuspensionLimits } from "../policy/suspensionLimits.ts";

/** The most people that may be suspended in a window, in an account with so many active users. */
export function suspensionLimit({ atLeast, percent }: SuspensionLimits, activeUsers: number): number {
  return Math.max(atLeast, Math.floor((activeUsers * percent) / 100));
}
