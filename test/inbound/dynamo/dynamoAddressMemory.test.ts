import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dynamoAddressMemory } from "../../../src/inbound/dynamo/dynamoAddressMemory.ts";
import { claimOf, leaseOf, type TestDecision } from "../../ledger/decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "../../ledger/dynamo/startDynamoWorld.ts";

describe("the addresses that the ledger in DynamoDB knows of a person", () => {
  let world: DynamoWorld;
  beforeEach(async () => {
    world = await startDynamoWorld();
  });
  afterEach(() => world.close());
  const decide = (email: string, decision: Partial<TestDecision>) => {
    const claim = claimOf({ eventId: `${email} ${decision.personId}`, minute: 1, ...decision });
    return world.ledger.claim([{ ...claim, email }], leaseOf("one"));
  };
  const addressesOf = (personId: string) => dynamoAddressMemory(world.table).addressesOf(personId);

  it("are those of their latest decisions, that about their access first", async () => {
    await decide("king@example.com", { personId: "bamboohr/77", intent: "relicense" });
    await decide("ada@example.com", { personId: "bamboohr/77", intent: "onboard" });
    expect([await addressesOf("bamboohr/77"), await addressesOf("77")]).toEqual([
      { kind: "known", addresses: ["ada@example.com", "king@example.com"] },
      { kind: "unknown" },
    ]);
  });

  it("are theirs no more once HR has decided about somebody else under them", async () => {
    await decide("ada@example.com", { personId: "ada", intent: "onboard" });
    await decide("ada@example.com", { personId: "roster/unlisted-u1" });
    const before = await addressesOf("ada");
    await decide("ada@example.com", { personId: "another", intent: "onboard" });
    expect([before, await addressesOf("ada")]).toEqual([
      { kind: "known", addresses: ["ada@example.com"] },
      { kind: "passedOn" },
    ]);
  });

  it("are not known while the table gives no answer, and the reason names nobody", async () => {
    await decide("ada@example.com", { personId: "ada", intent: "onboard" });
    world.plan.push({ kind: "refuse", status: 500, code: "InternalServerError" });
    expect(await addressesOf("ada")).toEqual({
      kind: "fault",
      reason: "the ledger could not be asked for an address (InternalServerError)",
    });
  });
});
