import type { ClaimAnswer } from "../../src/ledger/ledger.ts";
import type { StoredDecision, StoredHeldDecision } from "../../src/ledger/pendingStore.ts";
import { collect } from "../events/collect.ts";
import { claimOf, entryOf, heldFor, leaseOf, leaseOver, type Told, timeOf } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

/** Who releases and discards in the tests. */
export const approval = { by: "grace", now: timeOf(30), note: "checked with HR" };

/** What a test does with held decisions, in invocations of their own. */
export function heldSteps(world: LedgerWorld) {
  let invocations = 0;
  const nextLease = () => {
    invocations += 1;
    return leaseOf(`invocation-${invocations}`, invocations * leaseOver);
  };
  const held = (): Promise<StoredHeldDecision[]> => collect(world.held.list());
  return {
    nextLease,
    held,
    due: (): Promise<StoredDecision[]> => collect(world.pending.list()),
    /** As the drain does it: claims, holds, and lets go with an entry. */
    async hold(told: Told, minute = 10): Promise<void> {
      const lease = nextLease();
      await world.ledger.claim([claimOf(told)], lease);
      await world.pending.defer([heldFor(told, minute)]);
      const entry = entryOf(told, "held");
      await world.ledger.commit([{ kind: "release", claim: claimOf(told), entry }], lease);
    },
    async claim(told: Told): Promise<ClaimAnswer | undefined> {
      return (await world.ledger.claim([claimOf(told)], nextLease()))[0];
    },
    async sole(): Promise<StoredHeldDecision> {
      const [decision] = await held();
      if (decision === undefined) throw new Error("expected a held decision; there is none");
      return decision;
    },
    async journalOf(eventId: string) {
      const { outcome, by, note } = (await world.entryOf("ada", eventId)) ?? {};
      return { outcome, by, note };
    },
  };
}

export const ids = (decisions: readonly { eventId: string }[]) => decisions.map(({ eventId }) => eventId);
