import { movedByAws } from "../../../queue/causeOfDeath.ts";
import type { DayReport } from "../dayReport.ts";
import { queueLabel } from "../queueLabel.ts";
import { alignTable, numberText } from "./alignTable.ts";

const meanings = new Map<string, string>([
  ["Malformed", "breaks its schema"],
  ["Misrouted", "not for this pipeline"],
  ["FromTheFuture", "dated more than a day ahead"],
  ["ManagedInDirectory", "managed in the directory"],
  ["UserNotFound", "no user has this address"],
  ["NeverRegistered", "no such user came in 30 days"],
  ["LicenseNotSupported", "not a license of the account"],
  [movedByAws.undelivered, "EventBridge gave up on it"],
  [movedByAws.receivedTooOften, "SQS gave up on it"],
]);

/** What lies in each dead-letter queue, and why. A code that is not among ours is the directory's. */
export function deadLetterLines({ deadLetters }: DayReport): string[] {
  if (deadLetters.length === 0) return ["  none"];
  const rows = deadLetters.map(({ queue, reason, count }) => [
    numberText(count),
    queueLabel(queue),
    reason,
    meanings.get(reason) ?? "refused by the directory",
  ]);
  return alignTable(rows, ["right", "left", "left", "left"]);
}
