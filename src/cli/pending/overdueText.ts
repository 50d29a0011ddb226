import type { PendingReport } from "./toPendingReport.ts";

/** What is due is published within a minute or two. Later than this, something is wrong. */
const toleranceSeconds = 300;

/** A warning if decisions should have been published long ago. */
export function overdueText({ pending }: PendingReport): string | undefined {
  const count = pending.filter(({ dueInSeconds }) => dueInSeconds < -toleranceSeconds).length;
  if (count === 0) return undefined;
  return `${count} of them should have been published more than 5 minutes ago: look at the log of the publishDue function.`;
}
