import type { PendingDecision, PendingStore } from "../../ledger/pendingStore.ts";
import { readWaitingEvent } from "../../ledger/readWaitingEvent.ts";

/** What narrows the list down. */
export interface PendingFilter {
  /** Milliseconds since the epoch, that moment included. */
  until?: number;
  /** A person's id, or an address that the waiting event names. */
  person?: string;
}

/** The decisions that wait, by their due date. Throws what the store throws. */
export async function listPending(
  store: PendingStore,
  { until, person }: PendingFilter,
): Promise<PendingDecision[]> {
  const decisions: PendingDecision[] = [];
  for await (const decision of store.list(until)) {
    if (person === undefined || isOf(decision, person)) decisions.push(decision);
  }
  return decisions;
}

function isOf({ personId, event }: PendingDecision, person: string): boolean {
  return personId === person || readWaitingEvent(event).emails.includes(person.toLowerCase());
}
