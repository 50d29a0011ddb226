import { pipelines } from "../../pipelines.ts";
import type { DiscardAnswer, Discards } from "../discards.ts";
import { type JournalEntry, openOutcomes } from "../journalEntry.ts";
import { headOf, journalKey, type MemoryHead, type MemoryStore } from "./memoryStore.ts";

/** The discarded events in memory. `now` in milliseconds since the epoch. */
export function memoryDiscards(store: MemoryStore, now: () => number): Discards {
  return { discard: async (entry) => discard(store, entry, now()) };
}

function discard(store: MemoryStore, entry: JournalEntry, now: number): DiscardAnswer {
  const { version } = entry;
  const head = headOf(store, entry.personId, pipelines[entry.intent].aspect);
  if (head.settled?.version === version && head.settled.as === "applied") return { kind: "settled" };
  const isOpen = head.claimed === version || head.claimedBefore === version;
  if (isOpen && head.lease !== undefined && head.lease.until >= now)
    return { kind: "busy", until: head.lease.until };
  letGo(head, version);
  head.discarded.add(version);
  const key = journalKey(entry);
  const standing = store.journal.get(key);
  if (standing !== undefined && !openOutcomes.includes(standing.outcome)) return { kind: "settled" };
  store.journal.set(key, entry);
  return { kind: "done" };
}

/** The claim of a worker that died, which nothing will come to end any more. */
function letGo(head: MemoryHead, version: string): void {
  if (head.claimedBefore === version) delete head.claimedBefore;
  if (head.claimed !== version) return;
  if (head.claimedBefore === undefined) delete head.claimed;
  else head.claimed = head.claimedBefore;
  delete head.claimedBefore;
  delete head.lease;
}
