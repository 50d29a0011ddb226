import { timeText } from "../ledger/timeText.ts";
import type { ActReport } from "./toSafeguardReport.ts";

/** What was done to the safeguard, in a line without its time. */
export function actText(act: ActReport): string {
  switch (act.what) {
    case "closed":
      return `closed: ${crossingText(act)}`;
    case "allowed":
      return `allowed ${act.people.toLocaleString("en")} until ${timeText(act.until)}, by ${act.by}${noteText(act)}`;
    case "reset":
      return `reset by ${act.by}${noteText(act)}`;
  }
}

/** Why the latch closed. */
export function crossingText({
  asked,
  passed,
  limit,
}: {
  asked: number;
  passed: number;
  limit: number;
}): string {
  const [many, before, most] = [asked, passed, limit].map((count) => count.toLocaleString("en"));
  return `${many} were to be suspended after ${before} in the window, where ${most} may pass`;
}

function noteText({ note }: { note?: string }): string {
  return note === undefined ? "" : `: ${note}`;
}
