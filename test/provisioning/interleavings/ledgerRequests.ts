import type {
  Claim,
  ClaimAnswer,
  ClaimResult,
  CommitAnswer,
  JournalEntry,
  Lease,
  StandingAnswer,
} from "../../../src/ledger/ledger.ts";
import {
  headOf,
  type MemoryStore,
  memoryLedger,
  pendingKey,
} from "../../../src/ledger/memory/memoryLedger.ts";
import type { WaitingKind } from "../../../src/ledger/pendingStore.ts";

/**
 * The ledger as DynamoDB sees it: single requests, each atomic by itself, between which anything may happen. The
 * ledger in memory does a whole list in one moment, so it is asked here for one item and one step at a time.
 */
export interface LedgerRequests {
  /** The conditional update of the head. */
  claim(claim: Claim, lease: Lease): Promise<ClaimAnswer>;
  /** The read that says why a claim was refused. */
  explain(claim: Claim, lease: Lease): Promise<ClaimAnswer>;
  record(entry: JournalEntry): Promise<CommitAnswer>;
  /** The read of what stands. */
  standing(head: Pick<Claim, "personId" | "aspect">): Promise<StandingAnswer>;
  /** The conditional delete of a decision that waits. */
  cancel(claim: Claim, kind: WaitingKind): Promise<CancelAnswer>;
  /** The conditional update that lets go of the head; `cancelled` kinds wait no longer. */
  letGo(conclusion: ClaimResult, cancelled: readonly WaitingKind[], lease: Lease): Promise<CommitAnswer>;
}

type CancelAnswer = { kind: "gone" } | { kind: "newer" } | Extract<ClaimAnswer, { kind: "fault" }>;

export function ledgerRequests(store: MemoryStore): LedgerRequests {
  const ledger = memoryLedger(store);
  return {
    claim: async (claim, lease) => only(await ledger.claim([claim], lease)),
    explain: async (claim, lease) =>
      only(await memoryLedger(heldByAnother(store, claim)).claim([claim], lease)),
    record: async (entry) => only(await ledger.record([entry])),
    standing: async (head) => only(await ledger.standing([head])),
    cancel: async ({ personId, version }, kind) => {
      const key = pendingKey(personId, kind);
      const waiting = store.pending.get(key);
      if (waiting !== undefined && waiting.version > version) return { kind: "newer" };
      store.pending.delete(key);
      return { kind: "gone" };
    },
    letGo: async (conclusion, cancelled, lease) => {
      const headOnly = memoryLedger({ ...store, journal: new Map(), pending: new Map() });
      const moved = conclusion.kind === "stand" ? { ...conclusion, pending: cancelled } : conclusion;
      return only(await headOnly.commit([moved], lease));
    },
  };
}

/** The same items, but for a head that nobody can claim: so the ledger only says what stands in the way. */
function heldByAnother(store: MemoryStore, { personId, aspect }: Claim): MemoryStore {
  const view: MemoryStore = { ...store, heads: new Map() };
  const lease = { owner: "nobody", until: Number.MAX_SAFE_INTEGER };
  Object.assign(headOf(view, personId, aspect), headOf(store, personId, aspect), { lease });
  return view;
}

function only<T>(answers: readonly T[]): T {
  const [answer] = answers;
  if (answer === undefined || answers.length > 1)
    throw new RangeError(`expected one answer to one request; got ${answers.length}`);
  return answer;
}
