import { type JournalEntry, openOutcomes } from "../journalEntry.ts";
import type { Claim, ClaimAnswer, ConcludeAnswer, Conclusion, Lease, Ledger } from "../ledger.ts";
import { headOf, journalKey, type MemoryHead, type MemoryStore, pendingKey } from "./memoryStore.ts";

/** The ledger in memory, for tests, benches and dry runs; it is held to the same contract as the one in DynamoDB. */
export function memoryLedger(store: MemoryStore): Ledger {
  return {
    claim: async (claims, lease) => claims.map((claim) => claimHead(store, claim, lease)),
    conclude: async (conclusions, lease) =>
      conclusions.map((conclusion) => conclude(store, conclusion, lease)),
    record: async (entries) =>
      entries.map((entry) => {
        putEntry(store, entry);
        return { kind: "done" };
      }),
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
  const foreign =
    head.lease !== undefined && head.lease.until >= lease.now && head.lease.owner !== lease.owner;
  const held = head.claimed !== undefined && head.claimed > version;
  if (!outdated && !decided && !foreign && !held) {
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
  if (decided) return { kind: "settled" };
  if (outdated) {
    // Only here: below an open claim the entry's worker may have died before the head moved.
    const entry = store.journal.get(journalKey({ personId, eventId }));
    return entry !== undefined && !openOutcomes.includes(entry.outcome)
      ? { kind: "settled" }
      : { kind: "superseded", by: settled.eventId };
  }
  return { kind: "busy", until: head.lease?.until ?? lease.now };
}

function toApproval({ by, note }: NonNullable<MemoryHead["approved"]>) {
  return { approvedBy: by, ...(note !== undefined && { approvalNote: note }) };
}

function conclude(store: MemoryStore, conclusion: Conclusion, lease: Lease): ConcludeAnswer {
  const { claim } = conclusion;
  const head = headOf(store, claim.personId, claim.aspect);
  if (conclusion.kind === "keep") return keep(head, conclusion, lease);
  const { entry } = conclusion;
  if (entry !== undefined) putEntry(store, entry);
  if (conclusion.kind === "stand") cancelPending(store, conclusion);
  if (head.lease?.owner !== lease.owner || head.claimed !== claim.version) {
    return leaseEnded;
  }
  if (conclusion.kind === "stand") {
    head.settled = { version: claim.version, as: conclusion.as, eventId: claim.eventId };
    if (conclusion.approvedBy !== undefined) delete head.approved;
    if (conclusion.counted) head.counted = claim.version;
    else delete head.counted;
  } else if (conclusion.counted) head.counted = claim.version;
  const triesAgain = conclusion.kind === "release" && entry === undefined;
  if (triesAgain && head.claimedBefore !== undefined) head.claimed = head.claimedBefore;
  else delete head.claimed;
  delete head.claimedBefore;
  delete head.lease;
  return { kind: "done" };
}

function keep(
  head: MemoryHead,
  { claim, counted }: Extract<Conclusion, { kind: "keep" }>,
  { owner }: Lease,
): ConcludeAnswer {
  if (!counted) return { kind: "done" };
  if (head.lease?.owner !== owner || head.claimed !== claim.version) return leaseEnded;
  head.counted = claim.version;
  return { kind: "done" };
}

const leaseEnded: ConcludeAnswer = {
  kind: "fault",
  reason: "the lease ended before the decision was settled",
};

function cancelPending(store: MemoryStore, { claim, pending }: Extract<Conclusion, { kind: "stand" }>): void {
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
