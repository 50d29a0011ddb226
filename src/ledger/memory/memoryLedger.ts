import type { Aspect } from "../../pipelineSettings.ts";
import {
  type Claim,
  type ClaimAnswer,
  type ClaimResult,
  type CommitAnswer,
  type JournalEntry,
  type Lease,
  type Ledger,
  openOutcomes,
} from "../ledger.ts";
import type { StoredDecision, StoredHeldDecision, WaitingKind } from "../pendingStore.ts";
import type { PersonHistory } from "../personHistory.ts";

/** The contents of the ledger in memory: the items of the DynamoDB table, under keys of their own. */
export interface MemoryStore {
  heads: Map<string, MemoryHead>;
  journal: Map<string, JournalEntry>;
  pending: Map<string, StoredDecision | StoredHeldDecision>;
  identities: Map<string, { personId: string; userId: string }>;
}

export interface MemoryHead {
  settled?: { version: string; as: "applied" | "rejected"; eventId: string };
  claimed?: string;
  /** The claim that the present one found open. */
  claimedBefore?: string;
  lease?: { owner: string; until: number };
  pending: Set<WaitingKind>;
  /** The decision that an operator approved, who that was, and why. */
  approved?: { version: string; by: string; note?: string };
  /** The version of the decision that the safeguard counts although it has not been carried out. */
  counted?: string;
  /** Versions of the decisions that an operator discarded. */
  discarded: Set<string>;
}

/** The ledger in memory, for tests, benches and dry runs; it is held to the same contract as the one in DynamoDB. */
export function memoryLedger(store: MemoryStore): Ledger {
  return {
    claim: async (claims, lease) => claims.map((claim) => claimHead(store, claim, lease)),
    commit: async (results, lease) => results.map((result) => commitHead(store, result, lease)),
    record: async (entries) =>
      entries.map((entry) => {
        putEntry(store, entry);
        return { kind: "done" };
      }),
    abandon: async (claims, lease) => claims.map((claim) => abandon(store, claim, lease)),
    standing: async (heads) =>
      heads.map(({ personId, aspect }) => {
        const { claimed, settled } = headOf(store, personId, aspect);
        return claimed === undefined ? { kind: "stands", eventId: settled?.eventId } : { kind: "open" };
      }),
  };
}

function claimHead(
  store: MemoryStore,
  { personId, aspect, eventId, version }: Claim,
  lease: Lease,
): ClaimAnswer {
  const head = headOf(store, personId, aspect);
  const { settled } = head;
  if (head.discarded.has(version)) return { kind: "discarded" };
  const outdated = settled !== undefined && settled.version > version;
  const decided = settled?.version === version && settled.as !== "rejected";
  const leasedToAnother =
    head.lease !== undefined && head.lease.until >= lease.now && head.lease.owner !== lease.owner;
  const newerClaimIsOpen = head.claimed !== undefined && head.claimed > version;
  if (!outdated && !decided && !leasedToAnother && !newerClaimIsOpen) {
    const interrupted = head.claimed === version;
    if (head.claimed === undefined) delete head.claimedBefore;
    else head.claimedBefore = head.claimed;
    head.claimed = version;
    head.lease = { owner: lease.owner, until: lease.until };
    const approval = head.approved?.version === version ? toApproval(head.approved) : {};
    const pending = [...head.pending];
    const counted = head.counted === version && { counted: true as const };
    return { kind: "granted", interrupted, pending, ...approval, ...counted };
  }
  if (decided) return { kind: "duplicate" };
  if (outdated) {
    // Only then: otherwise the entry's worker may have died before the head moved.
    const entry = store.journal.get(journalKey({ personId, eventId }));
    return entry !== undefined && !openOutcomes.includes(entry.outcome)
      ? { kind: "duplicate" }
      : { kind: "superseded", by: settled.eventId };
  }
  return { kind: "busy", until: head.lease?.until ?? lease.now };
}

function toApproval({ by, note }: NonNullable<MemoryHead["approved"]>) {
  return { approvedBy: by, ...(note !== undefined && { approvalNote: note }) };
}

function commitHead(store: MemoryStore, result: ClaimResult, lease: Lease): CommitAnswer {
  const { claim } = result;
  const head = headOf(store, claim.personId, claim.aspect);
  if (result.kind === "keep") return keep(head, result, lease);
  const { entry } = result;
  if (entry !== undefined) putEntry(store, entry);
  if (result.kind === "stand") cancelPending(store, result);
  if (head.lease?.owner !== lease.owner || head.claimed !== claim.version) {
    return leaseEnded;
  }
  if (result.kind === "stand") {
    head.settled = { version: claim.version, as: result.as, eventId: claim.eventId };
    if (result.approvedBy !== undefined) delete head.approved;
    if (result.counted) head.counted = claim.version;
    else delete head.counted;
  } else if (result.counted) head.counted = claim.version;
  const triesAgain = result.kind === "release" && entry === undefined;
  if (triesAgain && head.claimedBefore !== undefined) head.claimed = head.claimedBefore;
  else delete head.claimed;
  delete head.claimedBefore;
  delete head.lease;
  return { kind: "done" };
}

function keep(
  head: MemoryHead,
  { claim, counted }: Extract<ClaimResult, { kind: "keep" }>,
  { owner }: Lease,
): CommitAnswer {
  if (!counted) return { kind: "done" };
  if (head.lease?.owner !== owner || head.claimed !== claim.version) return leaseEnded;
  head.counted = claim.version;
  return { kind: "done" };
}

const leaseEnded: CommitAnswer = {
  kind: "fault",
  reason: "the lease ended before the result was committed",
};

function abandon(store: MemoryStore, { personId, aspect, version }: Claim, { now }: Lease): CommitAnswer {
  const head = headOf(store, personId, aspect);
  if (isLeasedOver(head, version, now)) return stillLeased;
  endClaim(head, version);
  return { kind: "done" };
}

const stillLeased: CommitAnswer = { kind: "fault", reason: "another invocation still acts on a copy of it" };

/** Whether an invocation holds the lease that acts, or acted before it, on this very decision. */
export function isLeasedOver(head: MemoryHead, version: string, now: number): boolean {
  const isOpen = head.claimed === version || head.claimedBefore === version;
  return isOpen && head.lease !== undefined && head.lease.until >= now;
}

/** Ends the claim of a worker that died; an earlier one, of another decision, that never ended is open again. */
export function endClaim(head: MemoryHead, version: string): void {
  if (head.claimedBefore === version) delete head.claimedBefore;
  if (head.claimed !== version) return;
  if (head.claimedBefore === undefined) delete head.claimed;
  else head.claimed = head.claimedBefore;
  delete head.claimedBefore;
  delete head.lease;
}

function cancelPending(
  store: MemoryStore,
  { claim, pending }: Extract<ClaimResult, { kind: "stand" }>,
): void {
  for (const kind of pending) {
    const key = pendingKey(claim.personId, kind);
    const waiting = store.pending.get(key);
    if (waiting !== undefined && waiting.version > claim.version) continue;
    store.pending.delete(key);
    headOf(store, claim.personId, claim.aspect).pending.delete(kind);
  }
}

function putEntry({ journal }: MemoryStore, entry: JournalEntry): void {
  const key = journalKey(entry);
  const standing = journal.get(key);
  if (standing === undefined || openOutcomes.includes(standing.outcome)) journal.set(key, entry);
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

/**
 * Copies a person's history into a ledger in memory, as far as the order of decisions depends on it. The copy answers as the
 * ledger would, and changes nothing there.
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
