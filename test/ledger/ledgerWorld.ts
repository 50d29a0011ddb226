import type { ClaimAnswer, IdentityCache, JournalEntry, Ledger, TrailStep } from "../../src/ledger/ledger.ts";
import type { Discards, HeldDecisions } from "../../src/ledger/operatorDecisions.ts";
import type { PendingStore, StoredDecision, StoredHeldDecision } from "../../src/ledger/pendingStore.ts";
import type { Observations } from "../../src/ledger/trialObservations.ts";
import { collect } from "../events/collect.ts";
import { claimOf, entryOf, heldFor, leaseOf, leaseOver, type TestDecision, timeOf } from "./decisions.ts";

/** The ports over one empty store, and a view of the journal past them. */
export interface LedgerWorld {
  ledger: Ledger;
  observations: Observations;
  pending: PendingStore;
  held: HeldDecisions;
  identities: IdentityCache;
  /** Their clock stands at the tests' start. */
  discards: Discards;
  entryOf(personId: string, eventId: string): Promise<Omit<JournalEntry, "trail"> | undefined>;
  trailOf(personId: string, eventId: string): Promise<readonly TrailStep[] | undefined>;
  close(): Promise<void>;
}

/** The operator who releases and discards in the tests. */
export const approval = { by: "grace", now: timeOf(30), note: "checked with HR" };

/** The steps that a test takes with held decisions, each in an invocation of its own. */
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
    /** As a batch does it: claims, holds, and releases the claim with an entry. */
    async hold(decision: TestDecision, minute = 10): Promise<void> {
      const lease = nextLease();
      await world.ledger.claim([claimOf(decision)], lease);
      await world.pending.defer([heldFor(decision, minute)]);
      const entry = entryOf(decision, "held");
      await world.ledger.commit([{ kind: "release", claim: claimOf(decision), entry }], lease);
    },
    async claim(decision: TestDecision): Promise<ClaimAnswer | undefined> {
      return (await world.ledger.claim([claimOf(decision)], nextLease()))[0];
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
