import { readWaitingEvent, type WaitingDecision } from "../../ledger/pendingStore.ts";

/** @param person a person's id, or an address that the waiting event names, in any case */
export function isOfPerson(
  { personId, event }: Pick<WaitingDecision, "personId" | "event">,
  person: string,
): boolean {
  return personId === person || readWaitingEvent(event).emails.includes(person.toLowerCase());
}
