import { randomUUID } from "node:crypto";
import { type DeferAnswer, type PendingStore, type WaitingDecision, waitingKind } from "../pendingStore.ts";
import { headOf, type MemoryStore, pendingKey } from "./memoryStore.ts";

/** The waiting decisions in memory. */
export function memoryPendingStore(store: MemoryStore): PendingStore {
  return {
    defer: async (decisions) => decisions.map((decision) => defer(store, decision)),
    async *list(until = Number.MAX_SAFE_INTEGER) {
      const due = [...store.pending.values()].flatMap((decision) =>
        decision.because !== "held" && decision.dueAt <= until ? [decision] : [],
      );
      yield* due.sort((a, b) => a.dueAt - b.dueAt);
    },
    remove: async ({ personId, token, ...decision }) => {
      const key = pendingKey(personId, waitingKind(decision));
      if (store.pending.get(key)?.token === token) store.pending.delete(key);
    },
  };
}

function defer(store: MemoryStore, decision: WaitingDecision): DeferAnswer {
  const key = pendingKey(decision.personId, waitingKind(decision));
  const waiting = store.pending.get(key);
  if (waiting !== undefined && waiting.version > decision.version)
    return { kind: "superseded", by: waiting.eventId };
  const isReleased = waiting?.version === decision.version && waiting.because === "released";
  if (isReleased && decision.because === "held") return { kind: "deferred" };
  store.pending.set(key, { ...decision, token: randomUUID() });
  headOf(store, decision.personId, decision.aspect).pending.add(waitingKind(decision));
  return { kind: "deferred" };
}
