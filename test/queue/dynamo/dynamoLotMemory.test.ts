import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lotKey } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { dynamoLotMemory } from "../../../src/queue/dynamo/dynamoLotMemory.ts";
import type { UnfinishedLot } from "../../../src/queue/lots.ts";
import { type DynamoWorld, startDynamoWorld } from "../../ledger/dynamo/startDynamoWorld.ts";

let world: DynamoWorld;
beforeAll(async () => {
  world = await startDynamoWorld();
});
afterAll(() => world.close());

const rethrow = (error: unknown) => {
  throw error;
};
const minute = 60_000;
const start = Date.parse("2026-05-14T08:00:00Z");
const lot = (id: string, ...messageIds: string[]) => ({ id, messageIds, size: messageIds.length });

it("knows a lot once its invocation must have ended, until all of its messages have an outcome, and for two weeks", async () => {
  const memory = dynamoLotMemory(world.table, "offboard", rethrow);
  const first = lot("1", "a", "b", "c");
  await memory.begin(first, start + minute);
  await memory.begin(lot("2", "d"), start + 2 * minute);
  const idsAt = async (now: number) =>
    (await memory.unfinished(now)).map(({ id, messageIds }) => [id, ...messageIds]);
  expect(await idsAt(start + minute)).toEqual([]);
  expect(await idsAt(start + 2 * minute)).toEqual([["1", "a", "b", "c"]]);
  expect(await memory.unfinished(start + 3 * minute)).toEqual([
    expect.objectContaining(lot("2", "d")),
    expect.objectContaining(first),
  ]);
  expect(await idsAt(start + 15 * 1440 * minute)).toEqual([]);

  // Later invocations: one with two of the messages, and two that end the rest at once.
  const earlier = await memory.unfinished(start + 3 * minute);
  await memory.begin(lot("3", "a", "d"), start + 4 * minute);
  await memory.finish(lot("3", "a", "d"), earlier);
  expect(await idsAt(start + 5 * minute)).toEqual([["1", "b", "c"]]);
  expect((await memory.unfinished(start + 5 * minute)).map(({ size }) => size)).toEqual([3]);
  await memory.finish(lot("4", "b"), earlier);
  await memory.finish(lot("5", "c"), earlier);
  expect((await idsAt(start + 5 * minute)).flatMap(([, ...messageIds]) => messageIds)).toEqual([]);
  // Nothing is brought back by an invocation that is late.
  await memory.finish(lot("6", "d"), [lot("2", "d", "x")]);
  expect((await idsAt(start + 5 * minute)).map(([id]) => id)).not.toContain("2");
});

it("knows all others where one item cannot be read, and tells of that one", async () => {
  const { dynamo, tableName } = world.healthy;
  const faults: unknown[] = [];
  const memory = dynamoLotMemory(world.table, "reinstate", (error) => faults.push(error));
  await memory.begin(lot("1", "a"), start);
  await dynamo.send(
    new PutItemCommand({ TableName: tableName, Item: { ...lotKey("reinstate", "2"), size: { S: "two" } } }),
  );
  await memory.begin(lot("3", "b"), start);
  expect((await memory.unfinished(start + minute)).map(({ id }) => id)).toEqual(["3", "1"]);
  expect(faults).toHaveLength(1);
});

it("holds against no message that it was not forgotten, in the process that knows its outcome", async () => {
  const memory = dynamoLotMemory(world.table, "okta", rethrow);
  const both = lot("1", "a", "b");
  await memory.begin(both, start);
  const earlier = await memory.unfinished(start + minute);
  await memory.begin(lot("2", "a"), start + minute);
  const fault = { kind: "refuse", status: 500, code: "InternalServerError" } as const;
  world.plan.push(fault, fault);
  await expect(memory.finish(lot("2", "a"), earlier)).rejects.toThrow();
  const messagesOf = (lots: readonly UnfinishedLot[]) => lots.map(({ messageIds }) => messageIds);
  expect(messagesOf(await memory.unfinished(start + 3 * minute))).toEqual([[], ["b"]]);
  const another = dynamoLotMemory(world.table, "okta", rethrow);
  expect(messagesOf(await another.unfinished(start + 3 * minute))).toEqual([["a"], ["a", "b"]]);
  await memory.finish(lot("2", "a"), earlier);
  expect(messagesOf(await another.unfinished(start + 3 * minute))).toEqual([["b"]]);
});

it("keeps the queues apart", async () => {
  await dynamoLotMemory(world.table, "onboard", rethrow).begin(lot("1", "a"), start);
  expect(await dynamoLotMemory(world.table, "relicense", rethrow).unfinished(start + minute)).toEqual([]);
});
