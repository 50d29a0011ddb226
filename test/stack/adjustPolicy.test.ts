import { describe, expect, it } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { adaLeft, publish, startTestStack, stateOf, team } from "./testStack.ts";

describe("a stack with another policy than the packaged one", () => {
  it("has functions that use it", async () => {
    const stack = await startTestStack({
      people: { team: [{ id: "u-ada", email: "ada@example.com" }] },
      adjustPolicy: (policy) => ({
        ...policy,
        safeguard: { suspensions: { atLeast: 0, percent: 0 }, immediate: 0 },
      }),
    });
    try {
      await publish(stack, adaLeft);
      await waitUntilIdle(stack);
      expect([(await readJournal(stack)).get("ada-left"), stateOf(stack, team, "ada@example.com")]).toEqual([
        "held",
        "Registered",
      ]);
    } finally {
      await stack.close();
    }
  });
});
