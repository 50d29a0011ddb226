import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dynamoHistory } from "../../../src/ledger/dynamo/dynamoHistory.ts";
import type { Lease } from "../../../src/ledger/ledger.ts";
import type { History } from "../../../src/ledger/personHistory.ts";
import { collect } from "../../events/collect.ts";
import { leaver } from "../../events/eventLines.ts";
import { claimOf, entryOf, leaseOf, leaseOver, stand, type TestDecision, waitingFor } from "../decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "./startDynamoWorld.ts";

const hired: TestDecision = { eventId: "hired", minute: 1, intent: "onboard" };
const left: TestDecision = { eventId: "left", minute: 2 };
const promoted: TestDecision = { eventId: "promoted", minute: 3, intent: "relicense" };
const one = leaseOf("one");

describe("the history in DynamoDB", () => {
  let world: DynamoWorld;
  let history: History;
  beforeEach(async () => {
    world = await startDynamoWorld();
    history = dynamoHistory(world.table);
  });
  afterEach(() => world.close());
  const carryOut = async (
    decision: TestDecision,
    as: "applied" | "rejected",
    email?: string,
    previousEmails: readonly string[] = [],
  ) => {
    const claim = { ...claimOf(decision), previousEmails, ...(email !== undefined && { email }) };
    await world.ledger.claim([claim], one);
    await world.ledger.commit([{ ...stand(decision, as), claim }], one);
  };

  it("of somebody unknown is undefined, whoever else is known", async () => {
    await carryOut(left, "applied");
    const answers = await Promise.all(["ad", "ada2", "Ada", ""].map((id) => history.ofPerson(id)));
    expect(answers).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("gives the entries in the order of the decisions, whatever order they were carried out in", async () => {
    const full = {
      ...entryOf(left, "superseded"),
      code: "later",
      requestId: "r1",
      accountId: "a1",
      effectiveAt: "2026-06-01T00:00:00.000Z",
    };
    await world.ledger.record([entryOf(promoted, "excluded"), full, entryOf(hired, "deferred")]);
    const person = await history.ofPerson("ada");
    const entries = person?.entries.map(({ trail: _, ...entry }) => entry);
    expect({ ...person, entries }).toEqual({
      personId: "ada",
      heads: [],
      held: [],
      entries: [entryOf(hired, "deferred"), full, entryOf(promoted, "excluded")],
      waiting: [],
    });
  });

  it("gives a head for each aspect: what stands, the address, and a claim that is open", async () => {
    await carryOut(hired, "applied", "a.byron@example.com");
    await carryOut(promoted, "rejected");
    await world.ledger.claim([{ ...claimOf(left), previousEmails: ["a.byron@example.com"] }], one);
    const person = await history.ofPerson("ada");
    expect(person?.heads).toEqual([
      {
        aspect: "access",
        email: "ada@example.com",
        settled: { eventId: "hired", version: claimOf(hired).version, as: "applied" },
        addresses: ["a.byron@example.com"],
        claim: { version: claimOf(left).version, lease: { owner: "one", until: one.until } },
      },
      {
        aspect: "license",
        email: "ada@example.com",
        settled: { eventId: "promoted", version: claimOf(promoted).version, as: "rejected" },
      },
    ]);
  });

  it("gives a claim that never came to its end also when its lease is gone, and none that was let go", async () => {
    const later = leaseOf("two", leaseOver);
    const release = (decision: TestDecision, lease: Lease) =>
      world.ledger.commit([{ kind: "release", claim: claimOf(decision) }], lease);
    await world.ledger.claim([claimOf(hired)], one);
    await world.ledger.claim([claimOf(left)], later);
    await release(left, later);
    await world.ledger.claim([claimOf(promoted)], one);
    await release(promoted, one);
    const person = await history.ofPerson("ada");
    expect(person?.heads.map(({ aspect, claim }) => ({ aspect, claim }))).toEqual([
      { aspect: "access", claim: { version: claimOf(hired).version } },
      { aspect: "license", claim: undefined },
    ]);
  });

  it("gives the versions that an operator discarded with the head that remembers them", async () => {
    await world.discards.discard(entryOf(left, "discarded"));
    const person = await history.ofPerson("ada");
    expect(person?.heads).toEqual([{ aspect: "access", discarded: [claimOf(left).version] }]);
  });

  it("gives what waits by its due date, also of somebody of whom nothing else is known", async () => {
    await world.pending.defer([waitingFor(left, 90), waitingFor({ ...hired, intent: "reinstate" }, 60)]);
    const person = await history.ofPerson("ada");
    expect({ heads: person?.heads, waiting: person?.waiting.map(({ eventId }) => eventId) }).toEqual({
      heads: [{ aspect: "access" }],
      waiting: ["hired", "left"],
    });
  });

  it("reads a history that does not fit one page to its end", async () => {
    const code = "x".repeat(150_000);
    const decision = Array.from({ length: 20 }, (_, index) => ({ eventId: `e${index}`, minute: index }));
    await world.ledger.record(decision.map((each) => ({ ...entryOf(each, "rejected"), code })));
    world.operations.length = 0;
    const person = await history.ofPerson("ada");
    expect(person?.entries.map(({ eventId }) => eventId)).toEqual(decision.map(({ eventId }) => eventId));
    expect(world.operations.length).toBeGreaterThan(1);
  });

  it("finds by address everyone who had it at their latest decision, or waits under it", async () => {
    await carryOut({ ...hired, personId: "Bob" }, "applied", "ada@example.com");
    await carryOut(hired, "applied");
    await carryOut(promoted, "applied");
    await carryOut({ ...hired, personId: "moved" }, "applied", "ada@example.com");
    await carryOut({ ...left, personId: "moved" }, "applied", "new@example.com", ["ada@example.com"]);
    await world.pending.defer([waitingFor({ ...left, personId: "to-leave" }, 60, leaver("left"))]);
    expect(await history.peopleAt("ada@example.com")).toEqual(["Bob", "ada", "to-leave"]);
    expect(await history.peopleAt("nobody@example.com")).toEqual([]);
  });

  it("names the item that it cannot read, rather than leave something out", async () => {
    const { dynamo, tableName } = world.healthy;
    const Item = { pk: { S: "person#ada" }, sk: { S: "head#access" }, settledEventId: { N: "7" } };
    await dynamo.send(new PutItemCommand({ TableName: tableName, Item }));
    await expect(history.ofPerson("ada")).rejects.toMatchObject({
      message: expect.stringMatching(/item of the ledger \(head\) is not as this version .*settledEventId/),
      item: "person#ada head#access",
    });
  });

  it("throws what DynamoDB throws", async () => {
    world.plan.push({ kind: "refuse", status: 400, code: "ProvisionedThroughputExceededException" });
    await expect(history.ofPerson("ada")).rejects.toMatchObject({
      name: "ProvisionedThroughputExceededException",
    });
  });

  it("tells what happened between two moments, in that order, across hours and people", async () => {
    const at = (settledAt: string, personId: string, eventId: string) => ({
      ...entryOf({ eventId, minute: 1, personId }, "applied"),
      settledAt,
    });
    await world.ledger.record([
      at("2026-05-14T08:59:59.999Z", "ada", "too early"),
      at("2026-05-14T11:00:00.000Z", "ben", "fourth"),
      at("2026-05-14T09:00:00.000Z", "ben", "first"),
      at("2026-05-14T10:30:00.000Z", "ada", "third"),
      at("2026-05-14T09:30:00.000Z", "cy", "second"),
      at("2026-05-14T11:00:00.001Z", "ada", "too late"),
    ]);
    const [from, to] = [Date.parse("2026-05-14T09:00:00.000Z"), Date.parse("2026-05-14T11:00:00.001Z")];
    const entries = await collect(history.between(from, to));
    expect(entries.map(({ eventId }) => eventId)).toEqual(["first", "second", "third", "fourth"]);
  });
});
