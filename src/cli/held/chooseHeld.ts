import type { HeldDecisions } from "../../ledger/operatorDecisions.ts";
import type { StoredHeldDecision } from "../../ledger/pendingStore.ts";
import { isOfPerson } from "../ledger/isOfPerson.ts";

/** What narrows the held decisions down; all that is given must hold. */
export interface HeldFilter {
  /** A person's id, or an address that the event names. */
  person?: string;
  account?: string;
  /** In milliseconds. */
  olderThan?: number;
}

/**
 * The held decisions that are meant, in the order in which they were held. Throws what the store throws.
 *
 * @param now milliseconds since the epoch
 */
export async function chooseHeld(
  held: Pick<HeldDecisions, "list">,
  filter: HeldFilter,
  now: number,
): Promise<StoredHeldDecision[]> {
  const chosen: StoredHeldDecision[] = [];
  for await (const decision of held.list()) if (isMeant(decision, filter, now)) chosen.push(decision);
  return chosen;
}

/** Whether nothing narrows them down, so that everybody would be meant. */
export function isUnfiltered({ person, account, olderThan }: HeldFilter): boolean {
  return [person, account, olderThan].every((value) => value === undefined);
}

function isMeant(decision: StoredHeldDecision, { person, account, olderThan = 0 }: HeldFilter, now: number) {
  return (
    (person === undefined || isOfPerson(decision, person)) &&
    (account === undefined || decision.accountId === account) &&
    // A clock that is ahead of ours makes an age negative: it is still no reason to leave a decision out.
    Math.max(now - decision.heldAt, 0) >= olderThan
  );
}
