import { type Claim, type Lease, openOutcomes } from "../../../src/ledger/ledger.ts";
import {
  headOf,
  journalKey,
  type MemoryHead,
  type MemoryStore,
  pendingKey,
} from "../../../src/ledger/memory/memoryLedger.ts";
import type { Weaken } from "./world.ts";

/** Two may act for one person at the same time. */
export const withoutLease: Weaken = overlooking("lease", () => true);

/** An older decision may be claimed after a newer one that stands. */
export const withoutVersions: Weaken = overlooking(
  "settled",
  ({ settled }, { version }) => settled !== undefined && settled.version > version,
);

/** The very decision that stands may be claimed again. */
export const withoutIdempotency: Weaken = overlooking(
  "settled",
  ({ settled }, { version }) => settled?.version === version,
);

/** A claim that never came to its end holds nobody up. */
export const withoutOpenClaims: Weaken = overlooking(
  "claimed",
  ({ claimed }, { version }) => claimed !== undefined && claimed > version,
);

/** The lease ends before its invocation does. */
export const withShortLease: Weaken = (requests) => ({
  ...requests,
  claim: (claim, lease) => requests.claim(claim, { ...lease, until: lease.now + 30_000 }),
});

/** The lease ends before the call, and the order is looked at once more after it. */
export const checkingAfterwards: Weaken = (requests, store) => ({
  ...requests,
  claim: async (claim, lease) => {
    const answer = await requests.claim(claim, lease);
    if (answer.kind === "granted") delete headFor(store, claim).lease;
    return answer;
  },
  endClaim: async (result, cancelled, lease) => {
    const head = headFor(store, result.claim);
    if (head.settled !== undefined && head.settled.version > result.claim.version)
      return { kind: "fault", reason: "a newer decision stands meanwhile" };
    return requests.endClaim(result, cancelled, own(head, result.claim, lease));
  },
});

/** The claim moves the head, as if the call could not fail any more. */
export const standingBeforeTheCall: Weaken = (requests, store) => ({
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
  endClaim: (result, cancelled, lease) => {
    return requests.endClaim(result, cancelled, own(headFor(store, result.claim), result.claim, lease));
  },
});

/** What waits for its day is cancelled by an older decision too. */
export const cancellingWhatIsNewer: Weaken = (requests, store) => ({
  ...requests,
  cancel: async ({ personId }, intent) => {
    store.pending.delete(pendingKey(personId, intent));
    return { kind: "gone" };
  },
});

/** What the journal calls done is believed, even where the head has not moved yet. */
export const believingTheJournal: Weaken = (requests, { journal }) => ({
  ...requests,
  explain: (claim, lease) => {
    const outcome = journal.get(journalKey(claim))?.outcome;
    if (outcome !== undefined && !openOutcomes.includes(outcome))
      return Promise.resolve({ kind: "duplicate" });
    return requests.explain(claim, lease);
  },
});

/** Keeps a part of the head out of the claim's sight; a claim that is refused all the same leaves it as it was. */
function overlooking(
  part: "lease" | "settled" | "claimed",
  isOverlooked: (head: MemoryHead, claim: Claim) => boolean,
): Weaken {
  return (requests, store) => ({
    ...requests,
    claim: async (claim, lease) => {
      const head = headFor(store, claim);
      const before = { ...head };
      if (isOverlooked(head, claim)) delete head[part];
      const answer = await requests.claim(claim, lease);
      if (answer.kind !== "granted") Object.assign(head, before);
      return answer;
    },
  });
}

/** Makes the head look as if this worker had never lost it. */
function own(head: MemoryHead, { version }: Claim, lease: Lease): Lease {
  head.claimed = version;
  head.lease = { owner: lease.owner, until: lease.until };
  return lease;
}

function headFor(store: MemoryStore, { personId, aspect }: Claim): MemoryHead {
  return headOf(store, personId, aspect);
}
