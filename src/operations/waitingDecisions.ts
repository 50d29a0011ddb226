import {
  type HeldDecision,
  type HeldRule,
  type PendingDecision,
  type PendingStore,
  readWaitingEvent,
} from "../ledger/pendingStore.ts";
import type { Intent } from "../pipelineSettings.ts";
import { countBy, type Redact, redactForDisplay, redactJson } from "./displayText.ts";

/** A decision that waits for its day or for its user. Times are ISO 8601 in UTC. */
export interface WaitingReport {
  personId: string;
  eventId: string;
  intent: Intent;
  because: PendingDecision["because"];
  dueAt: string;
  /** Negative if it is overdue. */
  dueInSeconds: number;
  waitingSince?: string;
  /** The event as it will be published, with its addresses masked. */
  event: unknown;
}

/** @param now milliseconds since the epoch */
export function toWaitingReport(decision: PendingDecision, redact: Redact, now: number): WaitingReport {
  const { personId, eventId, intent, because, dueAt, event } = decision;
  const { waitingSince } = readWaitingEvent(event);
  return {
    personId: redact(personId),
    eventId: redact(eventId),
    intent,
    because,
    dueAt: new Date(dueAt).toISOString(),
    dueInSeconds: Math.round((dueAt - now) / 1000),
    ...(waitingSince !== undefined && { waitingSince: redact(waitingSince) }),
    event: redactJson(event, redact),
  };
}

/** A suspension that the safeguard holds. Times are ISO 8601 in UTC. */
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
export function toHeldReport(decision: HeldDecision, redact: Redact, now: number): HeldReport {
  const { personId, accountId, intent, eventId, rule, heldAt } = decision;
  return {
    personId: redact(personId),
    accountId: redact(accountId),
    intent,
    eventId: redact(eventId),
    rule,
    heldAt: new Date(heldAt).toISOString(),
    heldForSeconds: Math.max(0, Math.round((now - heldAt) / 1000)),
  };
}

/** @param person a person's id, or an address that the waiting event names, in any case */
function isOfPerson(
  { personId, event }: Pick<PendingDecision | HeldDecision, "personId" | "event">,
  person: string,
): boolean {
  return personId === person || readWaitingEvent(event).emails.includes(person.toLowerCase());
}

/** Narrows the list of waiting decisions down. All filters that are given must match. */
export interface PendingFilter {
  /** Milliseconds since the epoch, that moment included. */
  until?: number;
  /** A person's id, or an address that the waiting event names. */
  person?: string;
}

export interface PendingPorts {
  pending: Pick<PendingStore, "list">;
  /** Names the ledger in the report. */
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The decisions that wait, and how many of each kind. */
export interface PendingReport {
  table: string;
  /** The filters, as far as they were given. */
  until: string | null;
  person: string | null;
  count: number;
  byIntent: Partial<Record<Intent, number>>;
  byReason: Partial<Record<PendingDecision["because"], number>>;
  /** By their due date. */
  pending: WaitingReport[];
}

/** Lists the decisions that wait for their day or for their user. Throws what the store throws. */
export async function listPending(
  { until, person }: PendingFilter,
  { pending, table, now }: PendingPorts,
): Promise<PendingReport> {
  const decisions: PendingDecision[] = [];
  for await (const decision of pending.list(until)) {
    if (person === undefined || isOfPerson(decision, person)) decisions.push(decision);
  }
  const redact = redactForDisplay(person);
  const readAt = now();
  return {
    table,
    until: until === undefined ? null : new Date(until).toISOString(),
    person: person ?? null,
    count: decisions.length,
    byIntent: countBy(decisions, ({ intent }) => intent),
    byReason: countBy(decisions, ({ because }) => because),
    pending: decisions.map((decision) => toWaitingReport(decision, redact, readAt)),
  };
}
