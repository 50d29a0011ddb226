import { expect } from "vitest";
import type { DynamoFault } from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { collect } from "../../events/collect.ts";
import { claimOf, entryOf, leaseOf, leaseOver, stand, type TestDecision, waitingFor } from "../decisions.ts";
import type { DynamoWorld } from "./startDynamoWorld.ts";

const older: TestDecision = { eventId: "older", minute: 1 };
const newer: TestDecision = { eventId: "newer", minute: 2 };
const one = leaseOf("one");
const another = leaseOf("another", leaseOver);

/** What can go wrong with a request. */
export const faults: Record<string, DynamoFault> = {
  "is throttled": { kind: "refuse", status: 400, code: "ProvisionedThroughputExceededException" },
  "meets an error of the service": { kind: "refuse", status: 500, code: "InternalServerError" },
  "loses its answer": { kind: "loseAnswer" },
};

/** A piece of work, and what it makes of a fault in each of its requests. */
export interface Work {
  name: string;
  requests: number;
  prepare?: (world: DynamoWorld) => Promise<unknown>;
  act: (world: DynamoWorld) => Promise<readonly { kind: string }[]>;
  /** How the message fares when it comes again and nothing goes wrong. */
  again: (world: DynamoWorld, at: { request: number; fault: DynamoFault }) => Promise<void>;
}

export const works: Work[] = [
  {
    name: "a claim",
    requests: 2,
    act: (world) => world.ledger.claim([claimOf(older)], one),
    again: async (world) => expect(await claimKind(world, older, one)).toEqual("granted"),
  },
  {
    name: "a claim that is refused",
    requests: 2,
    prepare: (world) => carryOut(world, newer),
    act: (world) => world.ledger.claim([claimOf(older)], one),
    again: async (world) => expect(await claimKind(world, older, one)).toEqual("superseded"),
  },
  {
    name: "a decision that stands",
    requests: 3,
    prepare: async (world) => {
      await world.pending.defer([waitingFor(older, 60)]);
      await world.ledger.claim([claimOf(newer)], one);
    },
    act: (world) => world.ledger.commit([stand(newer, "applied", ["offboard"])], one),
    again: async (world, { request, fault }) => {
      const kind = await claimKind(world, newer, another);
      await world.ledger.commit([stand(newer, "applied", ["offboard"])], another);
      expect({ kind, ...(await stateOf(world)) }).toEqual({
        // Only the last request moves the head: when that took effect, all is done, and the redelivery learns it.
        kind: request === 2 && fault.kind === "loseAnswer" ? "duplicate" : "granted",
        outcome: "applied",
        waiting: [],
        next: "duplicate",
      });
    },
  },
  {
    name: "a release",
    requests: 1,
    prepare: (world) => world.ledger.claim([claimOf(newer)], one),
    act: (world) => world.ledger.commit([{ kind: "release", claim: claimOf(newer) }], one),
    again: async (world) => expect(await claimKind(world, newer, another)).toEqual("granted"),
  },
  {
    name: "an entry of the journal",
    requests: 1,
    act: (world) => world.ledger.record([entryOf(newer, "superseded")]),
    again: async (world) => {
      expect(await world.ledger.record([entryOf(newer, "superseded")])).toEqual([{ kind: "done" }]);
      expect(await world.entryOf("ada", "newer")).toEqual(entryOf(newer, "superseded"));
    },
  },
  {
    name: "a discard",
    requests: 3,
    act: async (world) => [await world.discards.discard(entryOf(older, "discarded"))],
    again: async (world) => {
      await world.discards.discard(entryOf(older, "discarded"));
      const outcome = (await world.entryOf("ada", "older"))?.outcome;
      expect([outcome, await claimKind(world, older, one)]).toEqual(["discarded", "discarded"]);
    },
  },
  {
    name: "putting a decision off",
    requests: 3,
    act: (world) => world.pending.defer([waitingFor(older, 60)]),
    again: async (world) => {
      expect(await world.pending.defer([waitingFor(older, 60)])).toEqual([{ kind: "deferred" }]);
      expect((await collect(world.pending.list())).map(({ eventId }) => eventId)).toEqual(["older"]);
      const [claim] = await world.ledger.claim([claimOf(newer)], one);
      expect(claim).toEqual({ kind: "granted", interrupted: false, pending: ["offboard"] });
    },
  },
  {
    name: "putting off a decision behind a newer one",
    requests: 2,
    prepare: (world) => world.pending.defer([waitingFor(newer, 60)]),
    act: (world) => world.pending.defer([waitingFor(older, 60)]),
    again: async (world) => {
      expect(await world.pending.defer([waitingFor(older, 60)])).toEqual([
        { kind: "superseded", by: "newer" },
      ]);
    },
  },
];

async function carryOut(world: DynamoWorld, decision: TestDecision): Promise<void> {
  await world.ledger.claim([claimOf(decision)], one);
  await world.ledger.commit([stand(decision)], one);
}

async function claimKind(
  world: DynamoWorld,
  decision: TestDecision,
  lease: typeof one,
): Promise<string | undefined> {
  const [answer] = await world.ledger.claim([claimOf(decision)], lease);
  return answer?.kind;
}

/** What is left in the end: the journal's word, what waits, and what a further delivery would be decision. */
export async function stateOf(world: DynamoWorld, decision: TestDecision = newer) {
  return {
    outcome: (await world.entryOf("ada", decision.eventId))?.outcome,
    waiting: (await collect(world.pending.list())).map(({ eventId }) => eventId),
    next: await claimKind(world, decision, leaseOf("third", 2 * leaseOver)),
  };
}
