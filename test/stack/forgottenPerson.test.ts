import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect, it, onTestFinished } from "vitest";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { dynamoForgetting } from "../../src/ledger/dynamo/dynamoForgetting.ts";
import { adaLeft, publish, startTestStack, stateOf, team } from "./testStack.ts";

const tableOf = ({ dynamo: { client }, model }: ServiceStack) => ({
  dynamo: client,
  tableName: String(model.tables[0]?.name),
});

async function mentions({ dynamo, tableName: TableName }: ReturnType<typeof tableOf>): Promise<boolean> {
  const { Items } = await dynamo.send(new ScanCommand({ TableName }));
  return JSON.stringify(Items).includes("ada");
}

it("a late copy of a forgotten person's event does nothing and leaves no trace, and a newer event is carried out", async () => {
  const stack = await startTestStack({ people: { team: [{ id: "u-1", email: "ada@example.com" }] } });
  onTestFinished(stack.close);
  const table = tableOf(stack);
  const forgottenAt = Date.parse("2026-05-14T12:00:00Z");
  const order = { by: "grace", note: "request 17", now: forgottenAt };
  await dynamoForgetting(table).forget("P-ada", order);

  await publish(stack, { ...adaLeft, occurredAt: "2026-05-14T08:00:00Z" });
  await waitUntilIdle(stack);
  expect([stateOf(stack, team, "ada@example.com"), await mentions(table)]).toEqual(["Registered", false]);

  await publish(stack, { ...adaLeft, id: "ada-left-again", occurredAt: "2026-05-14T13:00:00Z" });
  await waitUntilIdle(stack);
  expect([stateOf(stack, team, "ada@example.com"), await mentions(table)]).toEqual(["Suspended", true]);

  // The invocation's lease ended with its decision.
  expect(await dynamoForgetting(table).forget("P-ada", { ...order, now: Date.now() })).toMatchObject({
    kind: "forgotten",
  });
  expect(await mentions(table)).toBe(false);
});
