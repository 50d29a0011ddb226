import { ConditionalCheckFailedException, DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { dynamoDiscards } from "../../../src/ledger/dynamo/dynamoDiscards.ts";
import { dynamoForgetting } from "../../../src/ledger/dynamo/dynamoForgetting.ts";
import { dynamoHeldDecisions } from "../../../src/ledger/dynamo/dynamoHeldDecisions.ts";
import { headKey } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { serverClock } from "../../../src/ledger/dynamo/serverClock.ts";
import { collect } from "../../events/collect.ts";
import { claimOf, entryOf, heldFor, type TestDecision } from "../decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "./startDynamoWorld.ts";

const leave: TestDecision = { eventId: "leave", minute: 1 };
const minute = 60_000;

describe("an operator whose clock is wrong", () => {
  let world: DynamoWorld;
  beforeEach(async () => {
    world = await startDynamoWorld();
  });
  afterEach(() => world.close());

  async function holdOne() {
    await world.pending.defer([heldFor(leave, 1)]);
    await world.ledger.record([entryOf(leave, "held")]);
    const held = dynamoHeldDecisions(world.table);
    const [decision] = await collect(held.list());
    if (decision === undefined) throw new Error("expected a held decision; there is none");
    return { held, decision };
  }

  it.each([60, -60])("by %i minutes releases at once all the same", async (minutes) => {
    const { held, decision } = await holdOne();
    const answer = await held.release(decision, { by: "grace", now: Date.now() + minutes * minute });
    const [due] = await collect(world.pending.list());
    const late = (due?.dueAt ?? 0) - Date.now();
    expect([answer.kind, late <= 0, late > -minute]).toEqual(["released", true, true]);
  });

  it("discards nothing that is being carried out", async () => {
    const { held, decision } = await holdOne();
    const now = Date.now();
    await world.ledger.claim([claimOf(leave)], { owner: "worker", now, until: now + 2 * minute });
    const answer = await held.discard(decision, { by: "grace", now: now + 3 * minute });
    expect(answer.kind).toBe("busy");
  });

  it("forgets nobody for whom an invocation acts", async () => {
    const now = Date.now();
    await world.ledger.claim([claimOf(leave)], { owner: "worker", now, until: now + 2 * minute });
    const order = { by: "grace", note: "request 17", now: now + 3 * minute };
    const answer = await dynamoForgetting(world.table).forget(claimOf(leave).personId, order);
    expect(answer.kind).toBe("busy");
  });

  it("discards no dead letter's event that is being carried out, a moment after its lease either", async () => {
    const now = Date.now();
    const lease = { owner: "worker", now: now - 2 * minute, until: now - 2000 };
    await world.ledger.claim([claimOf(leave)], lease);
    const { discard } = dynamoDiscards(world.table);
    expect(await discard(entryOf(leave, "discarded"))).toMatchObject({ kind: "busy" });
  });
});

describe("the clock that follows DynamoDB's", () => {
  it("is a few seconds slow, hears refusals too, and has no time before the first answer", async () => {
    const world = await startDynamoWorld();
    onTestFinished(() => world.close());
    const { dynamo, tableName } = world.table;
    const clock = serverClock(dynamo);
    expect(clock).toThrow("expected an answer of DynamoDB");
    const refused = new DeleteItemCommand({
      TableName: tableName,
      Key: headKey("ada", "access"),
      ConditionExpression: "attribute_exists(pk)",
    });
    await expect(dynamo.send(refused)).rejects.toThrow(ConditionalCheckFailedException);
    const slow = Date.now() - clock();
    expect([slow >= 5_000, slow < minute]).toEqual([true, true]);
  });
});
