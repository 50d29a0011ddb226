import { QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dueIndex, emailIndex } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { collect } from "../../events/collect.ts";
import { claimOf, entryOf, leaseOf, stand, type TestDecision, waitingFor } from "../decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "./startDynamoWorld.ts";

const older: TestDecision = { eventId: "older", minute: 1 };
const newer: TestDecision = { eventId: "newer", minute: 2 };
const one = leaseOf("one");

describe("the ledger in DynamoDB", () => {
  let world: DynamoWorld;
  beforeEach(async () => {
    world = await startDynamoWorld();
  });
  afterEach(() => world.close());
  /** The operations of one piece of work. */
  const during = async (work: () => Promise<unknown>): Promise<string[]> => {
    world.operations.length = 0;
    await work();
    return [...world.operations];
  };
  const claim = (decision: TestDecision) => world.ledger.claim([claimOf(decision)], one);

  it("reads the head and writes it for a claim, and reads the journal where one is refused", async () => {
    const granted = await during(() => claim(newer));
    await world.ledger.commit([stand(newer)], one);
    const refused = await during(() => claim(older));
    expect({ granted, refused }).toEqual({
      granted: ["BatchGetItem", "BatchExecuteStatement"],
      refused: ["BatchGetItem", "BatchGetItem"],
    });
  });

  it("writes the journal first and the head last, so that no entry is lost in between", async () => {
    await claim(newer);
    await world.pending.defer([waitingFor(older, 60)]);
    const standing = await during(() => world.ledger.commit([stand(newer, "applied", ["offboard"])], one));
    // The head has changed since it was claimed: a decision waits.
    expect(standing).toEqual([
      "BatchExecuteStatement",
      "BatchExecuteStatement",
      "BatchExecuteStatement",
      "BatchGetItem",
      "BatchExecuteStatement",
    ]);
  });

  it("makes two writes for an ordinary result, one for a release and none for a claim that is kept", async () => {
    const operationsOf = async (
      result: Parameters<typeof world.ledger.commit>[0][number],
      decision: TestDecision = older,
    ) => {
      await claim(decision);
      return during(() => world.ledger.commit([result], one));
    };
    const release = await operationsOf({ kind: "release", claim: claimOf(older) });
    const keep = await operationsOf({ kind: "keep", claim: claimOf(older) });
    const standing = await operationsOf(stand(newer), newer);
    expect({ release, keep, standing }).toEqual({
      release: ["BatchExecuteStatement"],
      keep: [],
      standing: ["BatchExecuteStatement", "BatchExecuteStatement"],
    });
  });

  it("reads a hundred remembered ids at once, and writes 25", async () => {
    const people = Array.from({ length: 101 }, (_, index) => {
      return { personId: `${index}`, email: `${index}@example.com`, userId: `id-${index}` };
    });
    const asking = people.map((person) => ({ ...person, versions: [] }));
    const remember = await during(() => world.identities.remember("account", people));
    const recall = await during(() => world.identities.recall("account", asking));
    expect({ remember, recall }).toEqual({
      remember: Array(5).fill("BatchWriteItem"),
      recall: Array(2).fill("BatchGetItem"),
    });
  });

  it("lists the waiting decisions a page of one megabyte at a time", async () => {
    const event = "x".repeat(300_000);
    const decisions = Array.from({ length: 8 }, (_, index) =>
      waitingFor({ eventId: `${index}`, minute: 1, personId: `${index}` }, index, event),
    );
    await world.pending.defer(decisions);
    const operations = await during(() => collect(world.pending.list()));
    expect(operations).toEqual(Array(3).fill("Query"));
  });

  it("makes no request where there is nothing to do", async () => {
    const operations = await during(async () => {
      await world.ledger.claim([], one);
      await world.ledger.commit([], one);
      await world.ledger.record([]);
      await world.pending.defer([]);
      await world.identities.recall("account", []);
      await world.identities.remember("account", []);
      await world.identities.forget("account", []);
    });
    expect(operations).toEqual([]);
  });

  it("keeps a journal entry for a year and a month from the day of its outcome", async () => {
    await world.ledger.record([entryOf(newer, "applied")]);
    const { dynamo, tableName: TableName } = world.healthy;
    const { Items } = await dynamo.send(
      new ScanCommand({ TableName, FilterExpression: "attribute_exists(expiresAt)" }),
    );
    const days = Items?.map(({ settledAt, expiresAt }) => [
      settledAt?.S,
      new Date(Number(expiresAt?.N) * 1000).toISOString(),
    ]);
    expect(days).toEqual([["2026-05-14T09:00:00.000Z", "2027-06-14T09:00:00.000Z"]]);
  });

  it("keeps each index to the items it is for, and lets only journal entries and remembered ids expire", async () => {
    await claim(older);
    await world.ledger.record([entryOf(newer, "applied")]);
    await world.pending.defer([waitingFor({ ...newer, intent: "relicense" }, 60)]);
    const ada = { personId: "ada", email: "ada@example.com", userId: "id" };
    await world.identities.remember("account", [ada]);
    const found = {
      byAddress: await world.healthy.dynamo.send(
        new QueryCommand({
          TableName: world.table.tableName,
          IndexName: emailIndex.name,
          KeyConditionExpression: "email = :email",
          ExpressionAttributeValues: { ":email": { S: ada.email } },
        }),
      ),
      byDueDate: await world.healthy.dynamo.send(
        new ScanCommand({ TableName: world.table.tableName, IndexName: dueIndex.name }),
      ),
      expiring: await world.healthy.dynamo.send(
        new ScanCommand({
          TableName: world.table.tableName,
          FilterExpression: "attribute_exists(expiresAt)",
        }),
      ),
    };
    const keys = Object.entries(found).map(([name, { Items }]) => [
      name,
      Items?.map(({ sk }) => sk?.S).toSorted(),
    ]);
    expect(Object.fromEntries(keys)).toEqual({
      byAddress: ["head#access"],
      byDueDate: ["pending#relicense"],
      expiring: ["event#newer", "user"],
    });
  });
});
