import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dynamoHeldDecisions } from "../../src/ledger/dynamo/dynamoHeldDecisions.ts";
import { dynamoHistory } from "../../src/ledger/dynamo/dynamoHistory.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { eventKey, headKey, hourOf, type Item } from "../../src/ledger/dynamo/ledgerTable.ts";
import { listRecent } from "../../src/operations/listRecent.ts";
import { readStatus } from "../../src/operations/readStatus.ts";
import { dynamoPauseStore } from "../../src/safeguard/dynamo/dynamoPauseStore.ts";
import { dynamoSafeguardStore } from "../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { entryOf, waitingFor } from "../ledger/decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "../ledger/dynamo/startDynamoWorld.ts";

/** The requirement speaks of 100,000 items, which take minutes to write: `LEDGER_ITEMS=100000` runs it so. */
const many = Number(process.env.LEDGER_ITEMS ?? 3_000);
const now = Date.parse("2026-05-14T12:00:00Z");

let world: DynamoWorld;
beforeEach(async () => {
  world = await startDynamoWorld();
  await world.ledger.record(inWindow);
});
afterEach(() => world.close());

/** What happened within the last hour. */
const inWindow = Array.from({ length: 30 }, (_, index) => ({
  ...entryOf({ eventId: `hr-${index}`, minute: index, personId: `P-${index}` }, "applied"),
  settledAt: new Date(now - index * 60_000).toISOString(),
}));

/** What happened in the years before: a head and an entry of each person. */
async function fill(count: number): Promise<void> {
  const { dynamo, tableName } = world.healthy;
  const items = Array.from({ length: count / 2 }, (_, index) => itemsOf(index)).flat();
  for (let first = 0; first < items.length; first += 25) {
    const puts = items.slice(first, first + 25).map((Item) => ({ PutRequest: { Item } }));
    await dynamo.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
  }
}

function itemsOf(index: number): Item[] {
  const [personId, eventId] = [`Q-${index}`, `old-${index}`];
  const settledAt = new Date(now - 86_400_000 - index * 60_000).toISOString();
  return [
    { ...headKey(personId, "access"), email: { S: `${personId}@example.com` } },
    { ...eventKey(personId, eventId), settledAt: { S: settledAt }, hour: { S: hourOf(settledAt, eventId) } },
  ];
}

/** How many requests reach the table, and how many items they read. */
async function costOf(read: (dynamo: DynamoDBClient) => Promise<unknown>) {
  const cost = { requests: 0, items: 0 };
  const count = (answer: object) => {
    cost.requests += 1;
    cost.items += "ScannedCount" in answer ? Number(answer.ScannedCount) : 1;
  };
  world.table.dynamo.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      count(result.output);
      return result;
    },
    { step: "initialize", name: "cost" },
  );
  await read(world.table.dynamo);
  world.table.dynamo.middlewareStack.remove("cost");
  return cost;
}

describe("what a reading costs", () => {
  it("is the same for the status of a small ledger and of a large one", async () => {
    await world.pending.defer([waitingFor({ eventId: "hr-w", minute: 0, personId: "P-w" }, 600)]);
    const read = () =>
      readStatus({
        pauses: dynamoPauseStore(world.table),
        queues: { read: async () => [] },
        held: dynamoHeldDecisions(world.table),
        pending: dynamoPendingStore(world.table),
        safeguard: dynamoSafeguardStore(world.table),
        table: "t",
        stack: "s",
        now: () => now,
      });
    await fill(100);
    const small = await costOf(read);
    await fill(many);
    expect([await costOf(read), (await read()).waiting.count]).toEqual([small, 1]);
    expect(small.requests).toBe(4);
  }, 600_000);

  it("is the same for recent outcomes of a small ledger and of a large one", async () => {
    const read = () =>
      listRecent(
        { since: now - 3_600_000, until: now, limit: 50 },
        { history: dynamoHistory(world.table), table: "t", now: () => now },
      );
    await fill(100);
    const small = await costOf(read);
    await fill(many);
    expect([await costOf(read), (await read()).count]).toEqual([small, 30]);
    expect(small).toEqual({ requests: 16, items: 30 });
  }, 600_000);
});
