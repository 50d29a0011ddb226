import { pipelines } from "../../pipelines.ts";
import type { DiscardAnswer, Discards } from "../discards.ts";
import { type JournalEntry, openOutcomes } from "../journalEntry.ts";
import { markDiscarded } from "./markDiscarded.ts";
import { journalKey, type MemoryStore } from "./memoryStore.ts";

/** The discarded events in memory. `now` in milliseconds since the epoch. */
export function memoryDiscards(store: MemoryStore, now: () => number): Discards {
  return { discard: async (entry) => discard(store, entry, now()) };
}

function discard(store: MemoryStore, entry: JournalEntry, now: number): DiscardAnswer {
  const { personId, version, intent } = entry;
  const answer = markDiscarded(store, { personId, version, aspect: pipelines[intent].aspect }, now);
  if (answer.kind !== "marked") return answer;
  const key = journalKey(entry);
  const standing = store.journal.get(key);
  if (standing !== undefined && !openOutcomes.includes(standing.outcome)) return { kind: "settled" };
  store.journal.set(key, entry);
  return { kind: "done" };
}
