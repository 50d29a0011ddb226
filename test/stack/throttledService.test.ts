import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { rateLimit } from "../../packages/chime-simulator/faultPlans.ts";
import { deadLetterReasons, publish, startTestStack, team } from "./testStack.ts";

const people = 2000;
const emailOf = (number: number) => `person-${number}@example.com`;
const numbers = Array.from({ length: people }, (_, index) => index);

it("a service that takes 10 calls a second, and no bursts, is asked little more than it must, and by no function for too long", async () => {
  const ends: string[] = [];
  let refused = 0;
  const stack = await startTestStack({
    adjustPolicy: (policy) => ({ ...policy, safeguard: false }),
    people: { team: numbers.map((number) => ({ id: `u-${number}`, email: emailOf(number) })) },
    keepsBackOffs: true,
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
  await waitUntilIdle(stack);
  const { calls = 0 } = stack.chime.calls.summary().BatchSuspendUser ?? {};
  const suspended = numbers.filter(
    (number) => stack.chime.directory.user(team, emailOf(number))?.registration === "Suspended",
  );
  expect([suspended.length, await deadLetterReasons(stack)]).toEqual([people, []]);
  expect(ends.filter((reason) => reason !== "succeeded" && reason !== "partial")).toEqual([]);
  // Until each of the two functions has found its pace some more are refused: once, and not in proportion, which
  // `chimeClients.test.ts` holds. Measured by the calls that were taken, because a slow machine publishes in smaller batches.
  expect(refused).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(1.3 * (calls - refused) + 20);
});

const limit = rateLimit({ callsPerSecond: 10, burst: 1 });
