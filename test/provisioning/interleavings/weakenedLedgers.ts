import { decideClaim, decideCommit, type HeadState } from "../../../src/ledger/head.ts";
import { type Claim, isFinalOutcome, type Lease } from "../../../src/ledger/ledger.ts";
import { changeHead, headOf, journalKey, pendingKey } from "../../../src/ledger/memory/memoryLedger.ts";
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
  decideClaim: (head, claim, lease) => decideClaim(head, claim, { ...lease, until: lease.now + 30_000 }),
});

/** The lease ends before the call, and the order is looked at once more after it. */
export const checkingAfterwards: Weaken = (requests) => ({
  ...requests,
  decideClaim: (head, claim, given) => {
    const { answer, next } = decideClaim(head, claim, given);
    if (next === undefined) return { answer };
    const { lease: _, ...unleased } = next;
    return { answer, next: unleased };
  },
  decideCommit: (head, result, lease, cancelled) =>
    head.settled !== undefined && head.settled.version > result.claim.version
      ? { answer: { kind: "fault", reason: "a newer decision stands meanwhile" } }
      : decideCommit(owned(head, result.claim, lease), result, lease, cancelled),
});

/** The claim moves the head, as if the call could not fail any more. */
export const standingBeforeTheCall: Weaken = (requests) => ({
  ...requests,
  decideClaim: (head, claim, lease) => {
    const { answer, next } = decideClaim(head, claim, lease);
    const { version, eventId } = claim;
    return next === undefined
      ? { answer }
      : { answer, next: { ...next, settled: { version, eventId, as: "applied" } } };
  },
});

/** What waits for its day is cancelled by an older decision too. */
export const cancellingWhatIsNewer: Weaken = (requests, store) => ({
  ...requests,
  cancel: async ({ personId }, intent) => {
    store.pending.delete(pendingKey(personId, intent));
    return { kind: "gone" };
  },
  replace: async ({ claim: { personId } }) => {
    for (const [key, waiting] of store.pending) if (waiting.personId === personId) store.pending.delete(key);
    return { kind: "gone" };
  },
});

/** A claim is not compared with what waits. */
export const withoutNotes: Weaken = (requests) => ({
  ...requests,
  decideClaim: ({ waiting: _, ...head }, claim, lease) => decideClaim(head, claim, lease),
});

/** A return cancels all that was announced before, whatever leave it has ended. */
export const forgettingEndedLeaves: Weaken = (requests) => ({
  ...requests,
  decideCommit: ({ left: _, absent: __, ...head }, ...rest) => decideCommit(head, ...rest),
});

/** What the journal calls done is believed, even where the head has not moved yet. */
export const believingTheJournal: Weaken = (requests, { journal }) => ({
  ...requests,
  decideClaim: (head, claim, lease) => {
    const outcome = journal.get(journalKey(claim))?.outcome;
    if (isFinalOutcome(outcome)) return { answer: { kind: "duplicate" } };
    return decideClaim(head, claim, lease);
  },
});

/** A follow-up passes while a decision about access is being carried out. */
export const followingWhatIsOpen: Weaken = (requests, store) => ({
  ...requests,
  standing: async ({ personId, aspect }) => ({
    kind: "stands",
    eventId: headOf(store, personId, aspect).settled?.eventId,
  }),
});

/** A follow-up passes by what stood before the last move of the head. */
export const followingWhatStoodBefore: Weaken = (requests) => {
  const before = new Map<string, string>();
  return {
    ...requests,
    writeHead: async (head, seen, next) => {
      const written = await requests.writeHead(head, seen, next);
      if (written.kind === "written" && seen.settled !== undefined && seen.settled !== next.settled)
        before.set(`${head.personId} ${head.aspect}`, seen.settled.eventId);
      return written;
    },
    standing: async (head) => {
      const eventId = before.get(`${head.personId} ${head.aspect}`);
      return eventId === undefined ? requests.standing(head) : { kind: "stands", eventId };
    },
  };
};

/** Keeps a part of the head out of the claim's sight. */
function overlooking(
  part: "lease" | "settled" | "claimed",
  isOverlooked: (head: HeadState, claim: Claim) => boolean,
): Weaken {
  return (requests) => ({
    ...requests,
    decideClaim: (head, claim, lease) => {
      if (!isOverlooked(head, claim)) return decideClaim(head, claim, lease);
      const { [part]: _, ...rest } = head;
      return decideClaim(rest, claim, lease);
    },
  });
}

/** Makes the head look as if this worker had never lost it. */
function owned(head: HeadState, { version }: Claim, { owner, until }: Lease): HeadState {
  return { ...head, claimed: version, lease: { owner, until } };
}
