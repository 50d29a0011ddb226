import { randomUUID } from "node:crypto";
import { pipelines } from "../../pipelineSettings.ts";
import { decideApproval, decideDiscard, noteDeferred } from "../headMarks.ts";
import { discardEntry, isDiscardable, redriveEntry, signEntry, undoEntry } from "../journal.ts";
import {
  type IdentityCache,
  isFinalOutcome,
  isGoodFor,
  type JournalEntry,
  ownersOfAddresses,
} from "../ledger.ts";
import type {
  Approval,
  DiscardAnswer,
  Discards,
  HeldAnswer,
  HeldDecisions,
  Redrives,
  Undos,
} from "../operatorDecisions.ts";
import {
  type DeferAnswer,
  isNotedByStore,
  ownPlaceOf,
  type PendingStore,
  type StoredDecision,
  type StoredHeldDecision,
  supersededInPlace,
  type WaitingDecision,
  type WaitingPlace,
  waitingKind,
} from "../pendingStore.ts";
import { changeHead, journalKey, type MemoryStore, pendingKey, putEntry } from "./memoryLedger.ts";

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
    stillWaiting: async (decisions) => decisions.filter((decision) => liesAs(store, decision)),
    remove: async (decision) => {
      if (liesAs(store, decision)) store.pending.delete(placeKey(decision));
    },
  };
}

function placeKey(waiting: WaitingPlace): string {
  return pendingKey(waiting.personId, waitingKind(waiting), ownPlaceOf(waiting));
}

function defer(store: MemoryStore, { isClaimed, license, ...decision }: WaitingDecision): DeferAnswer {
  const key = placeKey(decision);
  const waiting = store.pending.get(key);
  const superseded = supersededInPlace(waiting, decision);
  if (superseded !== undefined) return superseded;
  const isReleased = waiting?.version === decision.version && waiting.because === "released";
  if (isReleased && decision.because === "held") return { kind: "deferred" };
  store.pending.set(key, { ...decision, token: randomUUID() });
  if (isNotedByStore({ ...decision, ...(isClaimed && { isClaimed }) }))
    changeHead(store, decision, (head) =>
      noteDeferred(head, { ...decision, ...(license !== undefined && { license }) }),
    );
  return { kind: "deferred" };
}

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
  if (entry === undefined) return changed;
  if (isFinalOutcome(entry.outcome)) return removeOver(store, decision);
  store.journal.set(journalKey(decision), signEntry(entry, { now, ...signed }));
  const { kind } = changeHead(store, decision, (head) => decideApproval(head, decision, signed));
  if (kind === "over") return removeOver(store, decision);
  if (kind === "changed") return changed;
  if (!liesAs(store, decision)) return changed;
  const { accountId: _, heldAt: __, rule: ___, ...waiting } = decision;
  const due = { ...waiting, because: "released", dueAt: now, token: randomUUID() } as const;
  store.pending.set(placeKey(decision), due);
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
  if (!isDiscardable(entry)) return removeOver(store, decision);
  const answer = changeHead(store, decision, (head) => decideDiscard(head, decision.version, now));
  if (answer.kind === "settled") return removeOver(store, decision);
  if (answer.kind === "busy") return answer;
  store.journal.set(journalKey(decision), discardEntry(entry, { now, ...signed }));
  store.pending.delete(placeKey(decision));
  return { kind: "discarded" };
}

/** Removes a decision that a fault has left held although it is over: nothing else would. */
function removeOver(store: MemoryStore, decision: StoredHeldDecision): typeof changed {
  if (liesAs(store, decision)) store.pending.delete(placeKey(decision));
  return changed;
}

function liesAs({ pending }: MemoryStore, decision: StoredDecision | StoredHeldDecision): boolean {
  return pending.get(placeKey(decision))?.token === decision.token;
}

/** The discarded events in memory. `now` in milliseconds since the epoch. */
export function memoryDiscards(store: MemoryStore, now: () => number): Discards {
  return {
    discard: async (entry) => discardEvent(store, entry, now()),
    discardUnread: async (entry) => journalDiscard(store, entry),
  };
}

function discardEvent(store: MemoryStore, entry: JournalEntry, now: number): DiscardAnswer {
  const { personId, version, intent } = entry;
  const head = { personId, aspect: pipelines[intent].aspect };
  const answer = changeHead(store, head, (state) => decideDiscard(state, version, now));
  return answer.kind === "marked" ? journalDiscard(store, entry) : answer;
}

function journalDiscard(store: MemoryStore, entry: JournalEntry): DiscardAnswer {
  return putEntry(store, entry) ? { kind: "done" } : { kind: "settled" };
}

/** The redrives on record in memory. */
export function memoryRedrives({ journal }: MemoryStore): Redrives {
  return {
    record: async (entry, approval) => {
      const key = journalKey(entry);
      journal.set(key, redriveEntry(journal.get(key) ?? entry, approval));
      return { kind: "done" };
    },
  };
}

/** The undos on record in memory. */
export function memoryUndos({ journal }: MemoryStore): Undos {
  return {
    record: async (undone, approval) =>
      undone.map((one) => {
        const entry = journal.get(journalKey(one));
        if (entry === undefined) return { kind: "fault", reason: "the journal does not know it any more" };
        journal.set(journalKey(one), undoEntry(entry, one.by, approval));
        return { kind: "done" };
      }),
  };
}

/** The remembered user ids in memory. */
export function memoryIdentityCache({ identities }: MemoryStore): IdentityCache {
  const key = (accountId: string, email: string) => JSON.stringify([accountId, email]);
  return {
    recall: async (accountId, people) => {
      const found = new Map<string, string>();
      for (const [email, asking] of ownersOfAddresses(people)) {
        const identity = identities.get(key(accountId, email));
        if (identity !== undefined && isGoodFor(identity, asking)) found.set(email, identity.userId);
      }
      return found;
    },
    remember: async (accountId, people) => {
      for (const { email, ...identity } of people) identities.set(key(accountId, email), identity);
    },
    forget: async (accountId, emails) => {
      for (const email of emails) identities.delete(key(accountId, email));
    },
  };
}
