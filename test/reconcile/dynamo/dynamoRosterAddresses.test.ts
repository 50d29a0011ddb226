import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { personQualifier } from "../../../src/policy/policyRules.ts";
import { dynamoRosterAddresses } from "../../../src/reconcile/dynamo/dynamoRosterAddresses.ts";
import { claimOf, leaseOf, stand, type TestDecision } from "../../ledger/decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "../../ledger/dynamo/startDynamoWorld.ts";

describe("the addresses that the ledger in DynamoDB knows the people of a roster by", () => {
  let world: DynamoWorld;
  beforeEach(async () => {
    world = await startDynamoWorld();
  });
  afterEach(() => world.close());

  async function decide(
    email: string,
    as: "applied" | "rejected",
    given: Partial<TestDecision>,
    earlier = "",
  ) {
    const decision = { eventId: `${email} ${as}`, minute: 1, ...given };
    const claim = { ...claimOf(decision), email, previousEmails: earlier === "" ? [] : [earlier] };
    await world.ledger.claim([claim], leaseOf("one"));
    await world.ledger.commit([{ ...stand(decision, as), claim }], leaseOf("one"));
  }

  it("are those of the decisions that stood, under the namespace of the roster, and nobody else's", async () => {
    await decide("ada@example.com", "applied", { personId: "hr/1", intent: "onboard" });
    await decide("ada.m@example.com", "applied", { personId: "hr/1", minute: 2 }, "ada@example.com");
    await decide("bob@example.com", "applied", { personId: "2" });
    await decide("typo@example.com", "rejected", { personId: "hr/3" });
    await decide("ada.m@example.com", "applied", { personId: "hr/unlisted-u1" });
    await decide("bob@example.com", "rejected", { personId: "hr/4" });
    const addresses = dynamoRosterAddresses(
      world.table,
      personQualifier({ personIds: { namespaces: { hr: ["roster"] } } }),
    );
    const known = await addresses.recall(["1", "2", "3", "5"]);
    const sorted = [...known].map(([id, list]) => [id, [...list].sort()]);
    const own = await Promise.all(
      [["ada.m@example.com", "1"] as const, ["bob@example.com", "2"] as const].map(([email, id]) =>
        addresses.isOwn(email, id),
      ),
    );
    expect([sorted, own]).toEqual([[["1", ["ada.m@example.com", "ada@example.com"]]], [true, false]]);
  });

  it("throw while the table gives no answer", async () => {
    world.plan.push({ kind: "refuse", status: 500, code: "InternalServerError" });
    await expect(
      dynamoRosterAddresses(world.table, ({ personId }) => personId).recall(["1"]),
    ).rejects.toThrow();
  });
});
