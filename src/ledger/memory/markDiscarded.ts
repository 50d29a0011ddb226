import type { MarkAnswer, Marked } from "../markAnswer.ts";
import { headOf, type MemoryHead, type MemoryStore } from "./memoryStore.ts";

/** Marks a decision on its head as discarded. `now` in milliseconds since the epoch. */
export function markDiscarded(
  store: MemoryStore,
  { personId, aspect, version }: Marked,
  now: number,
): MarkAnswer {
  const head = headOf(store, personId, aspect);
  if (head.settled?.version === version && head.settled.as === "applied") return { kind: "settled" };
  const isOpen = head.claimed === version || head.claimedBefore === version;
  if (isOpen && head.lease !== undefined && head.lease.until >= now)
    return { kind: "busy", until: head.lease.until };
  letGo(head, version);
  head.discarded.add(version);
  return { kind: "marked" };
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
