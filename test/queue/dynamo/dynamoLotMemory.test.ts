import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoLotMemory } from "../../../src/queue/dynamo/dynamoLotMemory.ts";
import { type DynamoWorld, startDynamoWorld } from "../../ledger/dynamo/startDynamoWorld.ts";

let world: DynamoWorld;
beforeAll(async () => {
  world = await startDynamoWorld();
});
afterAll(() => world.close());

const minute = 60_000;
const start = Date.parse("2026-05-14T08:00:00Z");
const lot = (id: string, ...messageIds: string[]) => ({ id, messageIds, size: messageIds.length });

it("knows a lot once its invocation must have ended, until all of its messages have an outcome, and for two weeks", async () => {
  const memory = dynamoLotMemory(world.table, "offboard");
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

it("keeps the queues apart", async () => {
  await dynamoLotMemory(world.table, "onboard").begin(lot("1", "a"), start);
  expect(await dynamoLotMemory(world.table, "relicense").unfinished(start + minute)).toEqual([]);
});
