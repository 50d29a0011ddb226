import type { PendingDecision, PendingStore } from "../../ledger/pendingStore.ts";
import { isOfPerson } from "../ledger/isOfPerson.ts";

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
    if (person === undefined || isOfPerson(decision, person)) decisions.push(decision);
  }
  return decisions;
}
