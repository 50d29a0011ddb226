import type { Outcome } from "../../provisioning/outcome.ts";
import { timeText } from "../ledger/timeText.ts";

/** An outcome in words, for somebody who asks why. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "applied":
      return "applied";
    case "unchanged":
      return outcome.because === "duplicate" ? "settled before" : "already so";
    case "superseded":
      return `superseded by ${outcome.by}`;
    case "deferred":
      return `put off until ${timeText(outcome.until)}`;
    case "held":
      return `held by the safeguard (${outcome.rule})`;
    case "excluded":
      return `left alone: ${outcome.rule}`;
    case "rejected":
      return `a dead letter, ${outcome.code}: ${outcome.reason}`;
    case "retry":
      return `tried again later, ${outcome.code}: ${outcome.reason}`;
  }
}
