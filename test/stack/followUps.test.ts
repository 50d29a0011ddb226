import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { dueIndex, pendingKey } from "../../src/ledger/dynamo/ledgerTable.ts";
import { collect } from "../events/collect.ts";
import { lwa, publish, startTestStack, team } from "./testStack.ts";

const day = 86_400_000;

describe("licenses that follow from decisions about access", () => {
  let stack: ServiceStack;
  let now = Date.now();
  const person = (name: string) => ({ personId: `P-${name}`, email: `${name}@example.org` });
  const table = () => ({ dynamo: stack.dynamo.client, tableName: String(stack.model.tables[0]?.name) });
  const waiting = () => collect(dynamoPendingStore(table()).list());
  const nextMinute = async () => {
    now += 60_000;
    await stack.scheduler.tick();
    await waitUntilIdle(stack, { limitSeconds: 180 });
  };
  const licenses = () =>
    ["ann", "ben"].map((name) => stack.chime.directory.user(lwa, `${name}@example.org`)?.license);

  beforeAll(async () => {
    stack = await startTestStack({
      people: { lwa: ["ann", "ben"].map((name) => ({ email: `${name}@example.org`, license: "Pro" })) },
      adjustPolicy: (policy) => ({
        ...policy,
        afterSuspension: { license: { to: "Basic", afterDays: 30 } },
      }),
      timer: { now: () => now, after: () => () => undefined },
    });
  }, 180_000);
  afterAll(() => stack.close());

  it("a hire has the license of the role within the next minute", async () => {
    const hire = { personId: "P-new", email: "new@example.com", role: "engineer" };
    await publish(stack, { type: "EmployeeHired", id: "hired", data: hire });
    await waitUntilIdle(stack, { limitSeconds: 180 });
    const before = stack.chime.directory.user(team, "new@example.com")?.license;
    await nextMinute();
    expect([before, stack.chime.directory.user(team, "new@example.com")?.license]).toEqual(["Basic", "Pro"]);
  }, 360_000);

  it("a leaver has the lower license after 30 days, and a person who is back by then keeps theirs", async () => {
    await publish(
      stack,
      { type: "EmployeeLeft", id: "ann-left", data: person("ann") },
      { type: "EmployeeLeft", id: "ben-left", data: person("ben") },
    );
    await waitUntilIdle(stack, { limitSeconds: 180 });
    const days = (await waiting()).map(({ dueAt }) => Math.round((dueAt - Date.now()) / day));
    const back = { type: "EmployeeReturned", id: "ben-back", data: person("ben") } as const;
    await publish(stack, { ...back, occurredAt: "2026-05-15T08:00:00Z" });
    await waitUntilIdle(stack, { limitSeconds: 180 });
    const left = (await waiting()).map(({ personId }) => personId);
    const before = licenses();
    await makeDue("P-ann");
    await nextMinute();
    expect({ days, left, before, after: licenses() }).toEqual({
      days: [30, 30],
      left: ["P-ann"],
      before: ["Pro", "Pro"],
      after: ["Basic", "Pro"],
    });
  }, 360_000);

  /** Brings the thirtieth day forward: to where it lies in the table, and in the event. */
  async function makeDue(personId: string) {
    const { dynamo, tableName } = table();
    const [decision] = await waiting();
    const effectiveAt = new Date().toISOString();
    const event = decision?.event.replace(/"effectiveAt":"[^"]+"/, `"effectiveAt":"${effectiveAt}"`) ?? "";
    await dynamo.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: pendingKey(personId, "licenseAfterLeaving"),
        UpdateExpression: `SET ${dueIndex.sort} = :now, event = :event`,
        ExpressionAttributeValues: { ":now": { N: String(Date.now()) }, ":event": { S: event } },
      }),
    );
  }
});
