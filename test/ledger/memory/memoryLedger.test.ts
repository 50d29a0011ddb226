import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoHistory } from "../../../src/ledger/dynamo/dynamoHistory.ts";
import type { ClaimAnswer } from "../../../src/ledger/ledger.ts";
import {
  journalKey,
  memoryLedger,
  memoryObservations,
  memoryStore,
  toMemoryStore,
} from "../../../src/ledger/memory/memoryLedger.ts";
import {
  memoryDiscards,
  memoryHeldDecisions,
  memoryIdentityCache,
  memoryPendingStore,
} from "../../../src/ledger/memory/memoryPorts.ts";
import { claimOf, entryOf, leaseOf, leaseOver, stand, start, type TestDecision } from "../decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "../dynamo/startDynamoWorld.ts";
import { ledgerContract } from "../ledgerContract.ts";

describe("memoryLedger", () => {
  ledgerContract("the ledger in memory", async () => {
    const store = memoryStore();
    return {
      ledger: memoryLedger(store),
      observations: memoryObservations(store),
      pending: memoryPendingStore(store),
      held: memoryHeldDecisions(store),
      identities: memoryIdentityCache(store),
      discards: memoryDiscards(store, () => start),
      entryOf: async (personId, eventId) => {
        const { trail: _, ...entry } = store.journal.get(journalKey({ personId, eventId })) ?? {};
        return "outcome" in entry ? entry : undefined;
      },
      trailOf: async (personId, eventId) => store.journal.get(journalKey({ personId, eventId }))?.trail,
      close: async () => undefined,
    };
  });
});

describe("a copy of the ledger in memory", () => {
  let world: DynamoWorld;
  beforeAll(async () => {
    world = await startDynamoWorld();
  });
  afterAll(() => world.close());

  const decisions: readonly TestDecision[] = [
    { eventId: "hired", minute: 1, intent: "onboard" },
    { eventId: "left", minute: 2 },
    { eventId: "promoted", minute: 2, intent: "relicense" },
    { eventId: "returned", minute: 3, intent: "reinstate" },
  ];
  const step = fc.record({
    decision: fc.constantFrom(...decisions),
    end: fc.constantFrom("applied", "rejected", "release", "keep", "discard", "superseded"),
    /** When it begins, in lengths of a lease: two workers may get in each other's way. */
    at: fc.constantFrom(0, 0.5, 2),
  });

  /** What a worker does about a decision, or an operator. */
  async function take({
    decision,
    end,
    at,
  }: {
    decision: TestDecision;
    end: string;
    at: number;
  }): Promise<void> {
    const { ledger, discards } = world;
    if (end === "superseded") await ledger.record([{ ...entryOf(decision, "superseded"), code: "another" }]);
    else if (end === "discard") await discards.discard(entryOf(decision, "discarded"));
    else {
      const lease = leaseOf(`worker of ${decision.eventId}`, at * leaseOver);
      const claim = claimOf(decision);
      const [answer] = await ledger.claim([claim], lease);
      if (answer?.kind !== "granted" || end === "keep") return;
      const result =
        end === "release"
          ? ({ kind: end, claim } as const)
          : stand(decision, end === "applied" ? end : "rejected");
      await ledger.commit([result], lease);
    }
  }

  /** What has to do with the order. */
  function essence(answer: ClaimAnswer | undefined) {
    return [answer?.kind, answer?.kind === "superseded" ? answer.by : undefined];
  }

  it("answers a claim as the ledger does that it was made of", async () => {
    let runs = 0;
    const steps = fc.array(step, { maxLength: 5 });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.constantFrom(...decisions),
        fc.constantFrom(0, 3),
        async (taken, asked, at) => {
          const personId = `person ${runs++}`;
          for (const each of taken) await take({ ...each, decision: { ...each.decision, personId } });
          const history = await dynamoHistory(world.table).ofPerson(personId);
          const copy = memoryLedger(history === undefined ? memoryStore() : toMemoryStore(history));
          const claim = claimOf({ ...asked, personId });
          const lease = leaseOf("who asks", at * leaseOver);
          const [answered] = await copy.claim([claim], lease);
          const [expected] = await world.ledger.claim([claim], lease);
          expect(essence(answered)).toEqual(essence(expected));
          seen.add(expected?.kind ?? "none");
        },
      ),
      { numRuns: 150 },
    );
    expect([...seen].sort()).toEqual(["busy", "discarded", "duplicate", "granted", "superseded"]);
  });
});
