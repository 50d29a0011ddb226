import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, it, onTestFinished } from "vitest";
import { rosterKey } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { dynamoRosterMemory } from "../../../src/reconcile/dynamo/dynamoRosterMemory.ts";
import { startDynamoWorld } from "../../ledger/dynamo/startDynamoWorld.ts";
import { rosterMemoryContract } from "../rosterMemoryContract.ts";

const place = "s3://acme-hr/exports/workers.csv";

rosterMemoryContract("the memory of the last roster in DynamoDB", async () => {
  const world = await startDynamoWorld();
  return { memory: dynamoRosterMemory(world.table, place), close: world.close };
});

async function startWorld() {
  const world = await startDynamoWorld();
  onTestFinished(world.close);
  return world;
}

it("another place has a memory of its own", async () => {
  const { table } = await startWorld();
  await dynamoRosterMemory(table, place).remember({ present: 4, asOf: 0 });
  expect(await dynamoRosterMemory(table, "s3://acme-hr/other.csv").recall()).toBeUndefined();
});

it("an item that is no memory of a roster stops, rather than let a shrunken roster pass", async () => {
  const { table, healthy } = await startWorld();
  const Item = { ...rosterKey(place), roster: { S: "{}" } };
  await healthy.dynamo.send(new PutItemCommand({ TableName: healthy.tableName, Item }));
  await expect(dynamoRosterMemory(table, place).recall()).rejects.toThrow("expected the memory of a roster");
});

it("a fault of the table is thrown on, and never taken for a memory that is newer or missing", async () => {
  const { table, plan } = await startWorld();
  const refused = { kind: "refuse", status: 500, code: "InternalServerError" } as const;
  plan.push(refused, refused);
  const memory = dynamoRosterMemory(table, place);
  await expect(memory.recall()).rejects.toThrow();
  await expect(memory.remember({ present: 4, asOf: 0 })).rejects.toThrow();
});
