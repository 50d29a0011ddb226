import { explainCode } from "../../../queue/explainCode.ts";
import type { DayReport } from "../dayReport.ts";
import { queueLabel } from "../queueLabel.ts";
import { alignTable, numberText } from "./alignTable.ts";

/** What lies in each dead-letter queue, and why. */
export function deadLetterLines({ deadLetters }: DayReport): string[] {
  if (deadLetters.length === 0) return ["  none"];
  const rows = deadLetters.map(({ queue, reason, count }) => [
    numberText(count),
    queueLabel(queue),
    reason,
    explainCode(reason).meaning,
  ]);
  return alignTable(rows, ["right", "left", "left", "left"]);
}
