import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { rateLimit } from "../../packages/chime-simulator/faultPlans.ts";
import { inQuickMotion } from "./inQuickMotion.ts";
import { deadLetterReasons, publish, startTestStack, team } from "./testStack.ts";

const people = 2000;
const emailOf = (number: number) => `person-${number}@example.com`;
const numbers = Array.from({ length: people }, (_, index) => index);

it("a service that accepts 10 calls a second without bursts receives few calls more than needed, and no function runs into its timeout", async () => {
  const ends: string[] = [];
  let refused = 0;
  const stack = await startTestStack({
    adjustPolicy: (policy) => ({ ...policy, safeguard: false }),
    people: { team: numbers.map((number) => ({ id: `u-${number}`, email: emailOf(number) })) },
    // The functions' deployed timeout, because the test is about whether they keep to it.
    adjust: (model) => ({ ...inQuickMotion(model), functions: model.functions, queues: model.queues }),
    faults: (call) => {
      const fault = call.operation === "BatchSuspendUser" ? limit(call) : undefined;
      if (fault !== undefined) refused += 1;
      return fault;
    },
    onBatch: ({ reason }) => ends.push(reason),
  });
  onTestFinished(stack.close);
  for (let index = 0; index < people; index += 10) {
    const ten = numbers.slice(index, index + 10);
    await publish(
      stack,
      ...ten.map((number) => ({
        type: "EmployeeLeft" as const,
        id: `left-${number}`,
        data: { personId: `P-${number}`, email: emailOf(number), userId: `u-${number}` },
      })),
    );
  }
  await sleep(1000);
  await waitUntilIdle(stack, { limitSeconds: 240 });
  const { calls = 0 } = stack.chime.calls.summary().BatchSuspendUser ?? {};
  const suspended = numbers.filter(
    (number) => stack.chime.directory.user(team, emailOf(number))?.registration === "Suspended",
  );
  expect([suspended.length, await deadLetterReasons(stack)]).toEqual([people, []]);
  expect(ends.filter((reason) => reason !== "succeeded" && reason !== "partial")).toEqual([]);
  // Until each of the two functions has found its pace some more are refused: once, and not in proportion. With 10,000
  // people it is 235 calls; `pacer.test.ts` holds the proportion. Measured by the calls that were taken, because a slow
  // machine publishes in smaller batches.
  expect(refused).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(1.2 * (calls - refused) + 20);
}, 300_000);

const limit = rateLimit({ callsPerSecond: 10, burst: 1 });
