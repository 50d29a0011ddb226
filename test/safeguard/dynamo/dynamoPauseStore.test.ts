import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, it, onTestFinished } from "vitest";
import { pausesKey } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { dynamoPauseStore } from "../../../src/safeguard/dynamo/dynamoPauseStore.ts";
import { startDynamoWorld } from "../../ledger/dynamo/startDynamoWorld.ts";
import { everything, pauseContract } from "../pauseContract.ts";

pauseContract("the pauses in DynamoDB", async () => {
  const world = await startDynamoWorld();
  return { store: dynamoPauseStore(world.table), close: world.close };
});

it("the pauses in DynamoDB cost one read for a batch", async () => {
  const world = await startDynamoWorld();
  onTestFinished(world.close);
  const store = dynamoPauseStore(world.table);
  await store.add(everything);
  await store.list();
  expect(world.operations).toEqual(["UpdateItem", "GetItem"]);
});

it("a pause whose answer was lost is the operator's own when the client makes it once more", async () => {
  const world = await startDynamoWorld(3);
  onTestFinished(world.close);
  world.plan.push({ kind: "loseAnswer" });
  expect(await dynamoPauseStore(world.table).add(everything)).toEqual(everything);
});

it("a pause of a later release, of which nobody knows what it stops, is not taken for none", async () => {
  const world = await startDynamoWorld();
  onTestFinished(world.close);
  const { dynamo, tableName: TableName } = world.healthy;
  const later = { M: { target: { S: "scim" }, note: { S: "later" } } };
  await dynamo.send(new PutItemCommand({ TableName, Item: { ...pausesKey, "pause#scim": later } }));
  await expect(dynamoPauseStore(world.table).list()).rejects.toThrow(
    "read it with the version that is deployed",
  );
});
