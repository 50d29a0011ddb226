import type { HeldDecision, HeldRule } from "../../ledger/pendingStore.ts";
import type { Intent } from "../../pipelines.ts";
import type { ShowText } from "../ledger/shownText.ts";

/** A decision that the safeguard holds, as it is shown. Times are ISO 8601 in UTC. */
export interface HeldReport {
  personId: string;
  accountId: string;
  intent: Intent;
  eventId: string;
  rule: HeldRule;
  heldAt: string;
  heldForSeconds: number;
}

/** @param now milliseconds since the epoch */
export function toHeldReport(decision: HeldDecision, show: ShowText, now: number): HeldReport {
  const { personId, accountId, intent, eventId, rule, heldAt } = decision;
  return {
    personId: show(personId),
    accountId: show(accountId),
    intent,
    eventId: show(eventId),
    rule,
    heldAt: new Date(heldAt).toISOString(),
    heldForSeconds: Math.max(0, Math.round((now - heldAt) / 1000)),
  };
}
