import { timeText } from "../ledger/timeText.ts";
import { waitingLines } from "../ledger/waitingLines.ts";
import type { Screen } from "../screen.ts";
import { countOf } from "../terminal.ts";
import type { PendingFilter } from "./listPending.ts";
import type { PendingReport } from "./toPendingReport.ts";

/** The waiting decisions for people: a table, and how many of each kind; or that there are none. */
export function pendingLines(report: PendingReport, filter: PendingFilter, screen: Screen): string[] {
  const { count, byIntent, byReason, pending } = report;
  const whose = filter.person === undefined ? "" : ` for ${filter.person}`;
  const until = filter.until === undefined ? undefined : timeText(filter.until);
  if (count === 0) return [`Nothing waits${whose}${until === undefined ? "" : ` that is due by ${until}`}.`];
  const verb = count === 1 ? "waits" : "wait";
  const { effectiveLater = 0, notRegistered = 0, released = 0, follows = 0 } = byReason;
  const reasons = countsText({
    "for their day": effectiveLater,
    "for registration": notRegistered,
    "for the next run": released,
    "for what follows from another": follows,
  });
  return [
    ...waitingLines(pending, screen),
    "",
    `${countOf(count, "decision")} ${verb}${whose}${until === undefined ? "" : `, due by ${until}`}: ${countsText(byIntent)} (${reasons}).`,
  ];
}

function countsText(counts: Partial<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count = 0]) => count > 0)
    .map(([kind, count = 0]) => `${count.toLocaleString("en")} ${kind}`)
    .join(", ");
}
