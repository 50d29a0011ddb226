import type { Aspect } from "../../pipelines.ts";
import type { JournalEntry } from "../journalEntry.ts";
import type { StoredDecision, StoredHeldDecision, WaitingKind } from "../pendingStore.ts";

/** What the in-memory ledger holds: the items of the DynamoDB table, under keys of their own. */
export interface MemoryStore {
  heads: Map<string, MemoryHead>;
  journal: Map<string, JournalEntry>;
  pending: Map<string, StoredDecision | StoredHeldDecision>;
  identities: Map<string, { personId: string; userId: string }>;
}

export interface MemoryHead {
  settled?: { version: string; as: "applied" | "rejected"; eventId: string };
  claimed?: string;
  /** The claim that the present one found, which never came to its end. */
  claimedBefore?: string;
  lease?: { owner: string; until: number };
  pending: Set<WaitingKind>;
  /** The decision that an operator approved of, who that was, and why. */
  approved?: { version: string; by: string; note?: string };
  /** The version of the decision that the safeguard counts although it has not been carried out. */
  counted?: string;
  /** Versions of the decisions that an operator discarded. */
  discarded: Set<string>;
}

export function memoryStore(): MemoryStore {
  return { heads: new Map(), journal: new Map(), pending: new Map(), identities: new Map() };
}

export function headOf({ heads }: MemoryStore, personId: string, aspect: Aspect): MemoryHead {
  const key = `${aspect} ${personId}`;
  const standing = heads.get(key);
  if (standing !== undefined) return standing;
  const head: MemoryHead = { pending: new Set(), discarded: new Set() };
  heads.set(key, head);
  return head;
}

export const journalKey = ({ personId, eventId }: { personId: string; eventId: string }) =>
  JSON.stringify([personId, eventId]);
export const pendingKey = (personId: string, kind: WaitingKind) => JSON.stringify([personId, kind]);
