import type { FoundDeadLetter } from "../stack/readDeadLetters.ts";
import type { DayReport } from "./dayReport.ts";

/** Dead letters by queue and reason, in the order of their names. */
export function countDeadLetters(
  letters: readonly Pick<FoundDeadLetter, "queue" | "reason">[],
): DayReport["deadLetters"] {
  const counts = new Map<string, DayReport["deadLetters"][number]>();
  for (const { queue, reason } of letters) {
    const key = `${queue} ${reason}`;
    counts.set(key, { queue, reason, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}
