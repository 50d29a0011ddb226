import { openOutcomes } from "../../../src/ledger/journalEntry.ts";
import type { Claim } from "../../../src/ledger/ledger.ts";
import {
  headOf,
  journalKey,
  type MemoryHead,
  type MemoryStore,
} from "../../../src/ledger/memory/memoryStore.ts";
import type { Weaken } from "./world.ts";

/** Two may act for one person at the same time. */
export const withoutLease: Weaken = (requests, store) => ({
  ...requests,
  claim: (claim, lease) => {
    delete headFor(store, claim).lease;
    return requests.claim(claim, lease);
  },
});

/** A lease that ends before its invocation does. */
export const withShortLease: Weaken = (requests) => ({
  ...requests,
  claim: (claim, lease) => requests.claim(claim, { ...lease, until: lease.now + 30_000 }),
});

/** An older decision may be claimed after a newer one has been settled. */
export const withoutVersions: Weaken = (requests, store) => ({
  ...requests,
  claim: (claim, lease) => {
    const head = headFor(store, claim);
    if (head.settled !== undefined && head.settled.version > claim.version) delete head.settled;
    return requests.claim(claim, lease);
  },
});

/** The very decision that is settled may be claimed again. */
export const withoutIdempotency: Weaken = (requests, store) => ({
  ...requests,
  claim: (claim, lease) => {
    const head = headFor(store, claim);
    if (head.settled?.version === claim.version) delete head.settled;
    return requests.claim(claim, lease);
  },
});

/** The claim asks for the order and lets go at once, as a check without a lease would. */
export const lettingGoBeforeTheCall: Weaken = (requests, store) => ({
  ...requests,
  claim: async (claim, lease) => {
    const answer = await requests.claim(claim, lease);
    if (answer.kind === "granted") delete headFor(store, claim).lease;
    return answer;
  },
  letGo: (conclusion, cancelled, lease) => {
    headFor(store, conclusion.claim).lease ??= { owner: lease.owner, until: lease.until };
    return requests.letGo(conclusion, cancelled, lease);
  },
});

/** The claim moves the head, as if the call could not fail any more. */
export const settlingBeforeTheCall: Weaken = (requests, store) => ({
  ...requests,
  claim: async (claim, lease) => {
    const answer = await requests.claim(claim, lease);
    const { version, eventId } = claim;
    if (answer.kind === "granted") headFor(store, claim).settled = { version, eventId, as: "applied" };
    return answer;
  },
});

/** Whoever comes to the end of a decision moves the head, whether the lease is still theirs or not. */
export const withoutCheckAtTheEnd: Weaken = (requests, store) => ({
  ...requests,
  letGo: (conclusion, cancelled, lease) => {
    const head = headFor(store, conclusion.claim);
    head.claimed = conclusion.claim.version;
    head.lease = { owner: lease.owner, until: lease.until };
    return requests.letGo(conclusion, cancelled, lease);
  },
});

/** What the journal calls done is believed, even where the head has not moved yet. */
export const believingTheJournal: Weaken = (requests, { journal }) => ({
  ...requests,
  explain: (claim, lease) => {
    const outcome = journal.get(journalKey(claim))?.outcome;
    if (outcome !== undefined && !openOutcomes.includes(outcome)) return Promise.resolve({ kind: "settled" });
    return requests.explain(claim, lease);
  },
});

function headFor(store: MemoryStore, { personId, aspect }: Claim): MemoryHead {
  return headOf(store, personId, aspect);
}
