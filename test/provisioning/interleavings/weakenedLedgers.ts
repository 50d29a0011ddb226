import { decideClaim, decideCommit, type HeadState } from "../../../src/ledger/head.ts";
import { type Claim, isFinalOutcome, type Lease } from "../../../src/ledger/ledger.ts";
import { changeHead, journalKey } from "../../../src/ledger/memory/memoryLedger.ts";
import { findSuperseding } from "../../../src/ledger/timeline.ts";
import type { Weaken } from "./world.ts";

/** Of the decisions that are known only those in effect count. */
const claimedNow = Number.POSITIVE_INFINITY;

/** Two may act for one person at the same time. */
export const withoutLease: Weaken = overlooking("lease", () => true);

/** An older decision may be claimed after a newer one that stands. */
export const withoutVersions: Weaken = overlooking(
  "settled",
  ({ settled }, claim) =>
    settled !== undefined && findSuperseding(claim, [settled], claimedNow) !== undefined,
);

/** The very decision that stands may be claimed again. */
export const withoutIdempotency: Weaken = (requests) => ({
  ...requests,
  decideClaim: (head, claim, lease, isNew) => {
    const { ended: _, settled, ...rest } = head;
    const isThis = settled?.eventId === claim.eventId;
    return decideClaim(isThis || settled === undefined ? rest : { ...rest, settled }, claim, lease, isNew);
  },
});

/** Nobody knows of decisions that wait for their day. */
export const withoutWhatWaits: Weaken = overlooking("known", () => true);

/** A claim that never came to its end holds nobody up. */
export const withoutOpenClaims: Weaken = overlooking(
  "claimed",
  ({ claimed }, { version }) => claimed !== undefined && claimed > version,
);

/** A head is written whether somebody has written it since it was read or not. */
export const withoutComparison: Weaken = (requests, store) => ({
  ...requests,
  writeHead: async (head, _, next) => {
    changeHead(store, head, () => ({ answer: undefined, next }));
    return { kind: "written" };
  },
});

/** The lease ends before its invocation does. */
export const withShortLease: Weaken = (requests) => ({
  ...requests,
  decideClaim: (head, claim, lease, isNew) =>
    decideClaim(head, claim, { ...lease, until: lease.now + 30_000 }, isNew),
});

/** The lease ends before the call, and the order is looked at once more after it. */
export const checkingAfterwards: Weaken = (requests) => ({
  ...requests,
  decideClaim: (head, claim, given, isNew) => {
    const { answer, next } = decideClaim(head, claim, given, isNew);
    if (next === undefined) return { answer };
    const { lease: _, ...unleased } = next;
    return { answer, next: unleased };
  },
  decideCommit: (head, result, lease, cancelled) =>
    head.settled !== undefined && findSuperseding(result.claim, [head.settled], claimedNow) !== undefined
      ? { answer: { kind: "fault", reason: "a newer decision stands meanwhile" } }
      : decideCommit(owned(head, result.claim, lease), result, lease, cancelled),
});

/** The claim moves the head, as if the call could not fail any more. */
export const standingBeforeTheCall: Weaken = (requests) => ({
  ...requests,
  decideClaim: (head, claim, lease, isNew) => {
    const { answer, next } = decideClaim(head, claim, lease, isNew);
    const { version, eventId } = claim;
    return next === undefined
      ? { answer }
      : { answer, next: { ...next, settled: { version, eventId, as: "applied" } } };
  },
});

/** Whatever stands cancels what waits for its day. */
export const cancellingWhatHasItsOwnDay: Weaken = (requests, store) => ({
  ...requests,
  decideCommit: (head, result, lease, cancelled) => {
    const { personId, aspect } = result.claim;
    for (const [place, waiting] of store.pending)
      if (result.kind === "stand" && waiting.personId === personId && waiting.aspect === aspect)
        store.pending.delete(place);
    return decideCommit(head, result, lease, cancelled);
  },
});

/** What the journal calls done is believed, even where the head has not moved yet. */
export const believingTheJournal: Weaken = (requests, { journal }) => ({
  ...requests,
  decideClaim: (head, claim, lease, isNew) => {
    const outcome = journal.get(journalKey(claim))?.outcome;
    if (isFinalOutcome(outcome)) return { answer: { kind: "duplicate" } };
    return decideClaim(head, claim, lease, isNew);
  },
});

/** Keeps a part of the head out of the claim's sight. */
function overlooking(
  part: "lease" | "settled" | "claimed" | "known",
  isOverlooked: (head: HeadState, claim: Claim) => boolean,
): Weaken {
  return (requests) => ({
    ...requests,
    decideClaim: (head, claim, lease, isNew) => {
      if (!isOverlooked(head, claim)) return decideClaim(head, claim, lease, isNew);
      const { [part]: _, ...rest } = head;
      return decideClaim(rest, claim, lease, isNew);
    },
  });
}

/** Makes the head look as if this worker had never lost it. */
function owned(head: HeadState, { version }: Claim, { owner, until }: Lease): HeadState {
  return { ...head, claimed: version, lease: { owner, until } };
}
