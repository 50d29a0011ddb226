import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dynamoPendingStore, type UnreadableItem } from "../../../src/ledger/dynamo/dynamoPendingStore.ts";
import { dueIndex, eventKey, headKey, pendingKey } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { duePartition } from "../../../src/ledger/dynamo/pendingItems.ts";
import { collect } from "../../events/collect.ts";
import { claimOf, entryOf, leaseOf, stand, type TestDecision, timeOf, waitingFor } from "../decisions.ts";
import { approval, heldSteps, ids } from "../ledgerWorld.ts";
import { faults, stateOf, works } from "./faultyWork.ts";
import { type DynamoWorld, startDynamoWorld } from "./startDynamoWorld.ts";

const older: TestDecision = { eventId: "older", minute: 1 };
const one = leaseOf("one");
const ada = { personId: "ada", email: "ada@example.com", userId: "id-of-ada" };

const cases = works.flatMap((work) =>
  Object.entries(faults).flatMap(([happening, fault]) =>
    Array.from({ length: work.requests }, (_, request) => {
      const title = `${work.name}, of which request ${request + 1} of ${work.requests} ${happening},`;
      return [title, { ...work, fault, request }] as const;
    }),
  ),
);

describe("when DynamoDB fails,", () => {
  let world: DynamoWorld;
  beforeEach(async () => {
    world = await startDynamoWorld();
  });
  afterEach(() => world.close());

  it.each(cases)(
    "%s is a fault, and comes right when it is done again",
    async (_, { prepare, act, again, request, fault }) => {
      await prepare?.(world);
      world.plan.push(...Array(request).fill(undefined), fault);
      const answers = await act(world);
      const kinds = answers.map(({ kind }) => kind);
      expect({ kinds, unused: world.plan }).toEqual({ kinds: ["fault"], unused: [] });
      await again(world, { request, fault });
    },
  );

  it("a fault of one claim is no other claim's", async () => {
    const people = ["a", "b", "c", "d"];
    world.plan.push(undefined, {
      kind: "failStatements",
      statements: [{ index: 1, code: "InternalServerError", takesEffect: true }],
    });
    const answers = await world.ledger.claim(
      people.map((personId) => claimOf({ ...older, personId })),
      one,
    );
    expect(answers.map(({ kind }) => kind)).toEqual(["granted", "fault", "granted", "granted"]);
  });

  it.each(Object.entries(faults))("the second look at what waits that %s throws", async (_, fault) => {
    await world.pending.defer([waitingFor(older, 60)]);
    const listed = await collect(world.pending.list());
    world.plan.push(fault);
    await expect(world.pending.stillWaiting(listed)).rejects.toThrow();
  });

  it.each(Object.entries(faults))("the list of waiting decisions that %s throws", async (_, fault) => {
    await world.pending.defer([waitingFor(older, 60)]);
    world.plan.push(fault);
    await expect(collect(world.pending.list())).rejects.toThrow();
  });

  it("entries and heads that a later release wrote are nobody else's fault", async () => {
    const { dynamo, tableName } = world.healthy;
    const put = (Item: Record<string, AttributeValue>) =>
      dynamo.send(new PutItemCommand({ TableName: tableName, Item }));
    const newer: TestDecision = { eventId: "newer", minute: 2 };
    for (const personId of ["ada", "ben"]) {
      await world.ledger.claim([claimOf({ ...newer, personId })], one);
      await world.ledger.commit([stand({ ...newer, personId })], one);
    }
    await put({ ...eventKey("ada", "older"), outcome: { S: "of a later release" } });
    await put({ ...headKey("cy", "access"), settled: { N: "1" } });
    const claims = ["ada", "ben", "cy"].map((personId) => claimOf({ ...older, personId }));
    const people = claims.map(({ personId }) => ({ personId, aspect: "access" as const }));
    const kinds = [
      await world.ledger.claim(claims, one),
      await world.ledger.standing(people),
      await world.ledger.record([entryOf(older, "superseded")]),
    ].map((answers) => answers.map(({ kind }) => kind));
    expect(kinds).toEqual([["duplicate", "superseded", "fault"], ["stands", "stands", "fault"], ["done"]]);
  });

  it("an item that is no decision is reported, and the others are listed all the same", async () => {
    const { dynamo, tableName } = world.healthy;
    await world.pending.defer([waitingFor(older, 60), waitingFor({ ...older, personId: "ben" }, 62)]);
    const Item = {
      ...pendingKey("eve", "offboard"),
      [dueIndex.partition]: { S: duePartition },
      [dueIndex.sort]: { N: String(timeOf(61)) },
    };
    await dynamo.send(new PutItemCommand({ TableName: tableName, Item }));
    const unreadable: UnreadableItem[] = [];
    const store = dynamoPendingStore(world.healthy, (item) => unreadable.push(item));
    const listed = await collect(store.list());
    expect([listed.map(({ personId }) => personId), unreadable]).toEqual([
      ["ada", "ben"],
      [{ kind: "pending#offboard", error: expect.any(Error) }],
    ]);
    await expect(collect(world.pending.list())).rejects.toThrow("eventId");
  });

  it.each(Object.entries(faults))("a removal that %s throws, and may be done again", async (_, fault) => {
    await world.pending.defer([waitingFor(older, 60)]);
    const [decision] = await collect(world.pending.list());
    if (decision === undefined) throw new Error("expected the decision that was deferred; the list is empty");
    world.plan.push(fault);
    await expect(world.pending.remove(decision)).rejects.toThrow();
    await world.pending.remove(decision);
    expect(await collect(world.pending.list())).toEqual([]);
  });

  it.each(
    Object.entries(faults).flatMap(([happening, fault]) =>
      [1, 2, 3, 4, 5, 6].map((request) => [request, happening, fault] as const),
    ),
  )(
    "a release of a held decision, of which request %i of 6 %s, throws, and may be done again",
    async (request, _, fault) => {
      const steps = heldSteps(world);
      await steps.hold(older);
      const decision = await steps.sole();
      world.plan.push(...Array(request - 1).fill(undefined), fault);
      await expect(world.held.release(decision, approval)).rejects.toThrow();
      // Only the last request makes it due: when that took effect, the decision is not held any more.
      const isReleased = request === 6 && fault.kind === "loseAnswer";
      const answer = await world.held.release(decision, approval);
      expect({ answer, due: ids(await steps.due()), claim: await steps.claim(older) }).toMatchObject({
        answer: { kind: isReleased ? "changed" : "released" },
        due: ["older"],
        claim: { kind: "granted", approvedBy: "grace" },
      });
    },
  );

  it("a claim whose head DynamoDB answers without is a fault, and writes over nothing", async () => {
    await world.ledger.record([entryOf(older, "applied")]);
    await world.ledger.claim([claimOf(older)], one);
    await world.ledger.commit([stand(older)], one);
    const { dynamo, tableName } = world.table;
    dynamo.middlewareStack.add(
      (next, { commandName }) =>
        async (request) =>
          commandName === "BatchGetItemCommand"
            ? { response: {}, output: { $metadata: {}, Responses: { [tableName]: [] } } }
            : next(request),
      { step: "initialize" },
    );
    const answers = await world.ledger.claim([claimOf(older)], leaseOf("another"));
    expect(answers.map(({ kind }) => kind)).toEqual(["fault"]);
  });

  it.each(Object.entries(faults))("a cache that %s remembers nothing and says so", async (_, fault) => {
    await world.identities.remember("account", [ada]);
    world.plan.push(fault, fault, fault);
    const recalled = await world.identities.recall("account", [{ ...ada, versions: [] }]);
    await world.identities.remember("account", [ada]);
    await world.identities.forget("account", [ada.email]);
    expect({ recalled: [...recalled], faults: world.cacheFaults.length }).toEqual({
      recalled: [],
      faults: 3,
    });
  });
});

describe("when the client tries three times, as the functions' clients do,", () => {
  let world: DynamoWorld;
  beforeEach(async () => {
    world = await startDynamoWorld(3);
  });
  afterEach(() => world.close());

  it("a claim whose answer was lost is granted to the same owner by the second try", async () => {
    world.plan.push(undefined, { kind: "loseAnswer" });
    expect(await world.ledger.claim([claimOf(older)], one)).toEqual([
      { kind: "granted", interrupted: true, pending: [] },
    ]);
  });

  it("a decision whose last answer was lost is a fault, and a duplicate when its message comes again", async () => {
    await world.ledger.claim([claimOf(older)], one);
    world.plan.push(undefined, { kind: "loseAnswer" });
    const answers = await world.ledger.commit([stand(older)], one);
    const kinds = answers.map(({ kind }) => kind);
    expect({ kinds, ...(await stateOf(world, older)) }).toEqual({
      kinds: ["fault"],
      outcome: "applied",
      waiting: [],
      next: "duplicate",
    });
  });

  it.each(Object.entries(faults))(
    "one request that %s keeps no decision from being deferred",
    async (_, fault) => {
      world.plan.push(fault, undefined, fault);
      expect(await world.pending.defer([waitingFor(older, 60)])).toEqual([{ kind: "deferred" }]);
      expect((await collect(world.pending.list())).map(({ eventId }) => eventId)).toEqual(["older"]);
    },
  );
});
