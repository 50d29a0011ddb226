import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dynamoForgetting } from "../../../src/ledger/dynamo/dynamoForgetting.ts";
import { dynamoForgottenPeople } from "../../../src/ledger/dynamo/dynamoForgottenPeople.ts";
import { claimOf, heldFor, leaseOf, stand, start, timeOf, waitingFor } from "../decisions.ts";
import { type DynamoWorld, startDynamoWorld } from "./startDynamoWorld.ts";

const left = { eventId: "ada-left", minute: 0, personId: "ada" };
const order = { by: "grace", note: "request 17", now: timeOf(60) };
const forgottenAda = { kind: "known", forgotten: new Map([["ada", order.now]]) };
const ada = new Set(["ada"]);

let world: DynamoWorld;
beforeEach(async () => {
  world = await startDynamoWorld();
});
afterEach(() => world.close());

/** Lets the leave stand, with an entry and a remembered user id. */
async function suspendAda(): Promise<void> {
  const lease = leaseOf("earlier");
  const result = stand(left);
  const claim = { ...claimOf(left), previousEmails: ["ada.byron@example.com"] };
  await world.ledger.claim([claim], lease);
  await world.ledger.commit([{ ...result, claim, entry: { ...result.entry, accountId: "team" } }], lease);
  await world.identities.remember("team", [
    { personId: "ada", email: "ada@example.com", userId: "u-ada" },
    { personId: "ada", email: "ada.byron@example.com", userId: "u-byron" },
    { personId: "bob", email: "bob@example.com", userId: "u-bob" },
  ]);
}

async function everything(): Promise<string> {
  const { dynamo, tableName: TableName } = world.healthy;
  const { Items } = await dynamo.send(new ScanCommand({ TableName }));
  return JSON.stringify(Items);
}

const forget = (personId = "ada") => dynamoForgetting(world.table, ({ now }) => now).forget(personId, order);

describe("a person who is forgotten", () => {
  it("is nowhere in the table any more, and known as forgotten", async () => {
    await suspendAda();
    expect(await everything()).toContain("ada");
    expect(await forget()).toEqual({ kind: "forgotten", items: 4 });
    const left = await everything();
    expect(left).not.toContain("ada");
    expect(left).toContain("u-bob");
    expect(left).toContain("request 17");
    expect(await dynamoForgottenPeople(world.table).among(new Set(["ada", "bob"]))).toEqual(forgottenAda);
  });

  it("is known to an execution environment that has looked before", async () => {
    const people = dynamoForgottenPeople(world.table);
    expect(await people.among(ada)).toEqual({ kind: "known", forgotten: new Map() });
    await forget("bob");
    expect(await people.among(ada)).toEqual({ kind: "known", forgotten: new Map() });
    await forget();
    expect(await people.among(ada)).toEqual(forgottenAda);
  });

  it("costs a batch one request while nobody else is forgotten", async () => {
    await forget();
    const people = dynamoForgottenPeople(world.table);
    await people.among(ada);
    world.operations.length = 0;
    await people.among(ada);
    expect(world.operations).toEqual(["GetItem"]);
  });

  it("may be forgotten again, which deletes what has come since", async () => {
    await forget();
    await suspendAda();
    expect(await forget()).toEqual({ kind: "forgotten", items: 4 });
  });

  it("is not known by anybody who has the hash and not its key", async () => {
    await forget();
    const other = await startDynamoWorld();
    await dynamoForgetting(other.table).forget("ada", order);
    const hashes = async ({ healthy: { dynamo, tableName: TableName } }: DynamoWorld) =>
      ((await dynamo.send(new ScanCommand({ TableName }))).Items ?? []).flatMap(({ sk, by }) =>
        by ? [sk?.S] : [],
      );
    const [one, two] = [await hashes(world), await hashes(other)];
    await other.close();
    expect(one).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(two).not.toEqual(one);
  });
});

it.each([
  ["waits", () => world.pending.defer([waitingFor(left, 600)])],
  ["is held", () => world.pending.defer([heldFor(left, 10)])],
])("nobody is forgotten about whom a decision %s", async (_, wait) => {
  await wait();
  const before = await everything();
  expect(await forget()).toEqual({ kind: "waits", decisions: 1 });
  expect(await everything()).toBe(before);
});

it("nothing is deleted while an invocation acts for the person", async () => {
  const until = order.now + 60_000;
  await world.ledger.claim([claimOf(left)], { owner: "worker", now: start, until });
  expect(await forget()).toEqual({ kind: "busy", until });
  expect(await everything()).toContain("ada-left".slice(0, 3));
});

it("a fault of the table is an answer, and no guess", async () => {
  world.plan.push({ kind: "refuse", status: 400, code: "ProvisionedThroughputExceededException" });
  expect(await dynamoForgottenPeople(world.table).among(ada)).toEqual({
    kind: "fault",
    reason: expect.stringContaining("ProvisionedThroughputExceededException"),
  });
});
