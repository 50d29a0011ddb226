import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { collect } from "../events/collect.ts";
import { lwa, makeDue, publish, startTestStack, team } from "./testStack.ts";

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
    await waitUntilIdle(stack);
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
  });
  afterAll(() => stack.close());

  it("a hire has the license of the role within the next minute", async () => {
    const hire = { personId: "P-new", email: "new@example.com", role: "engineer" };
    await publish(stack, { type: "EmployeeHired", id: "hired", data: hire });
    await waitUntilIdle(stack);
    const before = stack.chime.directory.user(team, "new@example.com")?.license;
    await nextMinute();
    expect([before, stack.chime.directory.user(team, "new@example.com")?.license]).toEqual(["Basic", "Pro"]);
  });

  it("a leaver has the lower license after 30 days, and a person who is back by then keeps theirs", async () => {
    await publish(
      stack,
      { type: "EmployeeLeft", id: "ann-left", data: person("ann") },
      { type: "EmployeeLeft", id: "ben-left", data: person("ben") },
    );
    await waitUntilIdle(stack);
    const days = (await waiting()).map(({ dueAt }) => Math.round((dueAt - Date.now()) / day));
    const back = { type: "EmployeeReturned", id: "ben-back", data: person("ben") } as const;
    await publish(stack, { ...back, occurredAt: "2026-05-15T08:00:00Z" });
    await waitUntilIdle(stack);
    const left = (await waiting()).map(({ personId }) => personId);
    const before = licenses();
    await makeDue(stack, "P-ann", "licenseAfterLeaving");
    await nextMinute();
    expect({ days, left, before, after: licenses() }).toEqual({
      days: [30, 30],
      left: ["P-ann"],
      before: ["Pro", "Pro"],
      after: ["Basic", "Pro"],
    });
  });
});
