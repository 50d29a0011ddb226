import { randomUUID } from "node:crypto";
import type { Approval, HeldAnswer, HeldDecisions } from "../heldDecisions.ts";
import { type JournalEntry, openOutcomes } from "../journalEntry.ts";
import type { StoredHeldDecision } from "../pendingStore.ts";
import { markDiscarded } from "./markDiscarded.ts";
import { headOf, journalKey, type MemoryHead, type MemoryStore, pendingKey } from "./memoryStore.ts";

/** The held decisions in memory. */
export function memoryHeldDecisions(store: MemoryStore): HeldDecisions {
  return {
    async *list() {
      const held = [...store.pending.values()].flatMap((decision) =>
        decision.because === "held" ? [decision] : [],
      );
      yield* held.sort((a, b) => a.heldAt - b.heldAt);
    },
    release: async (decision, approval) => release(store, decision, approval),
    discard: async (decision, approval) => discard(store, decision, approval),
  };
}

const changed = { kind: "changed" } as const;

function release(
  store: MemoryStore,
  decision: StoredHeldDecision,
  { now, ...signed }: Approval,
): HeldAnswer<"released"> {
  const entry = store.journal.get(journalKey(decision));
  if (entry === undefined || !openOutcomes.includes(entry.outcome)) return changed;
  store.journal.set(journalKey(decision), { ...entry, ...signed });
  const head = headOf(store, decision.personId, decision.aspect);
  if (!isOpen(head, decision.version) || head.discarded.has(decision.version)) return changed;
  if (head.approved !== undefined && head.approved.version > decision.version) return changed;
  head.approved = { version: decision.version, ...signed };
  if (!liesAs(store, decision)) return changed;
  const { accountId: _, heldAt: __, rule: ___, ...waiting } = decision;
  const due = { ...waiting, because: "released", dueAt: now, token: randomUUID() } as const;
  store.pending.set(pendingKey(decision.personId, decision.intent), due);
  return { kind: "released" };
}

function discard(
  store: MemoryStore,
  decision: StoredHeldDecision,
  { now, ...signed }: Approval,
): HeldAnswer<"discarded"> {
  if (!liesAs(store, decision)) return changed;
  const entry = store.journal.get(journalKey(decision));
  if (entry === undefined) return changed;
  if (entry.outcome !== "discarded" && !openOutcomes.includes(entry.outcome)) return changed;
  const answer = markDiscarded(store, decision, now);
  if (answer.kind === "settled") return changed;
  if (answer.kind === "busy") return answer;
  const settledAt = new Date(now).toISOString();
  const discarded: JournalEntry = { ...entry, ...signed, outcome: "discarded", settledAt };
  store.journal.set(journalKey(decision), discarded);
  store.pending.delete(pendingKey(decision.personId, decision.intent));
  return { kind: "discarded" };
}

function isOpen({ settled }: MemoryHead, version: string): boolean {
  if (settled === undefined || settled.version < version) return true;
  return settled.version === version && settled.as === "rejected";
}

function liesAs({ pending }: MemoryStore, { personId, intent, token }: StoredHeldDecision): boolean {
  return pending.get(pendingKey(personId, intent))?.token === token;
}
