import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import { dynamoPauseStore } from "../../src/safeguard/dynamo/dynamoPauseStore.ts";
import { adaLeft, deadLetterReasons, lwa, publish, startTestStack, stateOf, team } from "./testStack.ts";

const pause = { since: Date.now(), by: "grace", note: "a drill" };

/** A message that is paused waits for two minutes and more, so no test waits for its next receive. */
it("the packaged service calls nothing for an account that is paused, serves the others, and carries out what comes once it is resumed", async () => {
  const stack = await startTestStack({
    people: {
      team: [{ id: "u-ada", email: "ada@example.com" }],
      lwa: [{ id: "u-bob", email: "bob@example.org" }],
    },
  });
  onTestFinished(stack.close);
  const pauses = dynamoPauseStore({
    dynamo: stack.dynamo.client,
    tableName: String(stack.model.tables[0]?.name),
  });
  const delayed = async () => {
    const QueueUrl = stack.queueUrl("rollcall-dev-offboard");
    const name = "ApproximateNumberOfMessagesDelayed";
    const { Attributes } = await stack.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }),
    );
    return Attributes?.[name];
  };
  await pauses.add({ ...pause, account: team });
  const bob = { personId: "P-bob", email: "bob@example.org" };
  await publish(stack, adaLeft, { type: "EmployeeLeft", id: "bob-left", data: bob });
  await expect.poll(() => stateOf(stack, lwa, "bob@example.org")).toBe("Suspended");
  await expect.poll(delayed).toBe("1");
  // The journal is written after the call.
  const journalled = async () => [...(await readJournal(stack)).keys()];
  await expect.poll(journalled).toEqual(["bob-left"]);
  expect({
    ada: stateOf(stack, team, "ada@example.com"),
    deadLetters: await deadLetterReasons(stack),
  }).toEqual({ ada: "Registered", deadLetters: [] });

  await pauses.remove({ account: team });
  // A copy of the event, as a source may send it. The message that waits is a duplicate then.
  await publish(stack, adaLeft);
  await expect.poll(() => stateOf(stack, team, "ada@example.com")).toBe("Suspended");
});
