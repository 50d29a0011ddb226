import { parseJson } from "../../events/parseJson.ts";
import type { PendingDecision } from "../../ledger/pendingStore.ts";
import { readWaitingEvent } from "../../ledger/readWaitingEvent.ts";
import type { Intent } from "../../pipelines.ts";
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
    event: shownEvent(event, show),
  };
}

function shownEvent(line: string, show: ShowText): unknown {
  const event = parseJson(line);
  if (event === undefined) return show(line);
  return JSON.parse(
    JSON.stringify(event, (_key, value: unknown) => (typeof value === "string" ? show(value) : value)),
  );
}
