import { randomUUID } from "node:crypto";
import { pipelines } from "../../pipelineSettings.ts";
import { decideApproval, decideDiscard } from "../headMarks.ts";
import { discardEntry, isDiscardable, redriveEntry, signEntry } from "../journal.ts";
import { type IdentityCache, isFinalOutcome, type JournalEntry, ownersOfAddresses } from "../ledger.ts";
import type {
  Approval,
  DiscardAnswer,
  Discards,
  HeldAnswer,
  HeldDecisions,
  Redrives,
} from "../operatorDecisions.ts";
import {
  type DeferAnswer,
  type PendingStore,
  type StoredHeldDecision,
  type WaitingDecision,
  waitingKind,
} from "../pendingStore.ts";
import { decideDefer, noteOf, waitsBesideOthers } from "../waiting.ts";
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
    stillWaiting: async (decisions) =>
      new Set(decisions.filter(({ place, token }) => store.pending.get(place)?.token === token)),
    remove: async ({ place, token }) => {
      if (store.pending.get(place)?.token === token) store.pending.delete(place);
    },
  };
}

function defer(store: MemoryStore, { isClaimed, ...decision }: WaitingDecision): DeferAnswer {
  const { personId, eventId } = decision;
  const kind = waitingKind(decision);
  const place = waitsBesideOthers(decision)
    ? pendingKey(personId, kind, eventId)
    : pendingKey(personId, kind);
  const { answer, isStored } = decideDefer(store.pending.get(place), decision);
  if (isStored) store.pending.set(place, { ...decision, token: randomUUID(), place });
  const note =
    answer.kind === "deferred" ? noteOf({ ...decision, ...(isClaimed && { isClaimed }) }) : undefined;
  if (note !== undefined) changeHead(store, decision, note);
  return answer;
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
  if (isFinalOutcome(entry.outcome)) return leftBehind(store, decision);
  store.journal.set(journalKey(decision), signEntry(entry, { now, ...signed }));
  const { kind } = changeHead(store, decision, (head) => decideApproval(head, decision, signed));
  if (kind === "over") return leftBehind(store, decision);
  if (kind === "changed" || !liesAs(store, decision)) return changed;
  const { accountId: _, heldAt: __, rule: ___, ...waiting } = decision;
  const due = { ...waiting, because: "released", dueAt: now, token: randomUUID() } as const;
  store.pending.set(decision.place, due);
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
  if (!isDiscardable(entry)) return leftBehind(store, decision);
  const answer = changeHead(store, decision, (head) => decideDiscard(head, decision, now));
  if (answer.kind === "settled") return leftBehind(store, decision);
  if (answer.kind === "busy") return answer;
  store.journal.set(journalKey(decision), discardEntry(entry, { now, ...signed }));
  store.pending.delete(decision.place);
  return { kind: "discarded" };
}

/** Removes a decision that a fault has left held although it is over. */
function leftBehind(store: MemoryStore, decision: StoredHeldDecision): { kind: "changed" } {
  if (liesAs(store, decision)) store.pending.delete(decision.place);
  return changed;
}

function liesAs({ pending }: MemoryStore, { place, token }: StoredHeldDecision): boolean {
  return pending.get(place)?.token === token;
}

/** The discarded events in memory. `now` in milliseconds since the epoch. */
export function memoryDiscards(store: MemoryStore, now: () => number): Discards {
  const put = (entry: JournalEntry): DiscardAnswer => ({ kind: putEntry(store, entry) ? "done" : "settled" });
  return {
    discard: async (entry) => {
      const { personId, intent } = entry;
      const head = { personId, aspect: pipelines[intent].aspect };
      const answer = changeHead(store, head, (state) => decideDiscard(state, entry, now()));
      return answer.kind === "marked" ? put(entry) : answer;
    },
    discardUnread: async (entry) => put(entry),
  };
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

/** The remembered user ids in memory. */
export function memoryIdentityCache({ identities }: MemoryStore): IdentityCache {
  const key = (accountId: string, email: string) => JSON.stringify([accountId, email]);
  return {
    recall: async (accountId, people) => {
      const found = new Map<string, string>();
      for (const [email, personId] of ownersOfAddresses(people)) {
        const identity = identities.get(key(accountId, email));
        if (identity?.personId === personId) found.set(email, identity.userId);
      }
      return found;
    },
    remember: async (accountId, people) => {
      for (const { email, personId, userId } of people)
        identities.set(key(accountId, email), { personId, userId });
    },
    forget: async (accountId, emails) => {
      for (const email of emails) identities.delete(key(accountId, email));
    },
  };
}
