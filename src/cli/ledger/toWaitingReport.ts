import { type PendingDecision, readWaitingEvent } from "../../ledger/pendingStore.ts";
import type { Intent } from "../../pipelines.ts";
import { shownJson } from "./shownJson.ts";
import type { ShowText } from "./shownText.ts";

/** A decision that waits, as it is shown. Times are ISO 8601 in UTC. */
export interface WaitingReport {
  personId: string;
  eventId: string;
  intent: Intent;
  because: PendingDecision["because"];
  dueAt: string;
  /** Negative if it is overdue. */
  dueInSeconds: number;
  waitingSince?: string;
  /** The event as it will be published, apart from the addresses in it. */
  event: unknown;
}

/** @param now milliseconds since the epoch */
export function toWaitingReport(decision: PendingDecision, show: ShowText, now: number): WaitingReport {
  const { personId, eventId, intent, because, dueAt, event } = decision;
  const { waitingSince } = readWaitingEvent(event);
  return {
    personId: show(personId),
    eventId: show(eventId),
    intent,
    because,
    dueAt: new Date(dueAt).toISOString(),
    dueInSeconds: Math.round((dueAt - now) / 1000),
    ...(waitingSince !== undefined && { waitingSince: show(waitingSince) }),
    event: shownJson(event, show),
  };
}
