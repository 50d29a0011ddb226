import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { headKey } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { claimOf, entryOf, leaseOf, leaseOver } from "../decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "./startDynamoWorld.ts";

describe("a head with very many discarded events", () => {
  let world: DynamoWorld;
  beforeEach(async () => {
    world = await startDynamoWorld();
  });
  afterEach(() => world.close());

  const key = headKey("ada", "access");
  async function marks(): Promise<number> {
    const { dynamo, tableName } = world.healthy;
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: tableName, Key: key }));
    return Item?.discarded?.SS?.length ?? 0;
  }
  const versionOf = (index: number) =>
    claimOf({ eventId: `${"x".repeat(100)}-${index}`, minute: index }).version;

  it("that an earlier release has filled is shortened by the next claim, which is granted", async () => {
    const { dynamo, tableName } = world.healthy;
    const discarded = { SS: Array.from({ length: 2800 }, (_, index) => versionOf(index)) };
    await dynamo.send(new PutItemCommand({ TableName: tableName, Item: { ...key, discarded } }));
    const claim = claimOf({ eventId: "new", minute: 9000 });
    const [answer] = await world.ledger.claim([claim], leaseOf("one"));
    const copy = claimOf({ eventId: `${"x".repeat(100)}-2799`, minute: 2799 });
    const [ofCopy] = await world.ledger.claim([copy], leaseOf("two", leaseOver));
    expect([answer?.kind, await marks(), ofCopy?.kind]).toEqual(["granted", 100, "discarded"]);
  });

  it("never has more than a hundred of them, the latest one always among them", async () => {
    for (let index = 0; index < 104; index += 1)
      await world.discards.discard(entryOf({ eventId: `e-${index}`, minute: index }, "discarded"));
    const oldest = { eventId: "oldest", minute: -5 };
    await world.discards.discard(entryOf(oldest, "discarded"));
    const [ofOldest] = await world.ledger.claim([claimOf(oldest)], leaseOf("one"));
    expect([await marks(), ofOldest?.kind]).toEqual([100, "discarded"]);
  });
});
