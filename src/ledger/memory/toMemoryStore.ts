import type { PersonHistory } from "../history.ts";
import { headOf, journalKey, type MemoryStore, memoryStore } from "./memoryStore.ts";

/**
 * A copy of what the ledger remembers of a person, as far as the order of decisions depends on it: what is asked of the copy
 * is answered as the ledger would, and changes nothing there.
 */
export function toMemoryStore({ personId, heads, entries }: PersonHistory): MemoryStore {
  const store = memoryStore();
  for (const { aspect, settled, claim, discarded = [] } of heads) {
    const head = headOf(store, personId, aspect);
    if (settled !== undefined) head.settled = settled;
    if (claim !== undefined) head.claimed = claim.version;
    if (claim?.lease !== undefined) head.lease = claim.lease;
    for (const version of discarded) head.discarded.add(version);
  }
  for (const entry of entries) store.journal.set(journalKey(entry), entry);
  return store;
}
