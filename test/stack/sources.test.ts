import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import type { Stack } from "../../packages/aws-local/stack/stack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { bambooHrParameter, fieldBased, record, signedAt } from "../inbound/fixtures/bambooHr.ts";
import { oktaEvent } from "../inbound/fixtures/okta.ts";
import { functionUrlEvent } from "../inbound/webhooks/functionUrlEvent.ts";
import { startSsm } from "../inbound/webhooks/startSsm.ts";
import { deadLetterReasons, startTestStack, stateOf, team } from "./testStack.ts";

it("a webhook and Okta's events, late and out of order, leave the directory as they were last decided", async () => {
  const ssm = await startSsm({ "/rollcall-dev/webhooks/bamboohr": JSON.stringify(bambooHrParameter) });
  onTestFinished(ssm.close);
  const stack = await startTestStack({
    people: {
      team: [
        { id: "u-ada", email: "ada@example.com" },
        { id: "u-bob", email: "bob@example.com" },
        { id: "u-cem", email: "cem@example.com" },
      ],
    },
    environment: { AWS_ENDPOINT_URL_SSM: ssm.url },
  });
  onTestFinished(stack.close);

  const body = JSON.stringify(fieldBased(record()));
  const headers = signedAt(Date.now(), body);
  const webhook = stack.functions.get("rollcall-dev-webhook");
  const answer = await webhook?.invoke(functionUrlEvent("/bamboohr", body, { headers }));
  expect(answer).toMatchObject({ kind: "response", payload: expect.stringContaining('"statusCode":200') });
  // Suspended at five and let in again at six; the later comes first, and everything twice.
  const [bob, cem] = ["bob", "cem"].map((name) => [
    { id: `00u-${name}`, type: "User", alternateId: `${name}@example.com` },
  ]);
  const unsuspended = {
    uuid: "b2",
    published: "2026-05-14T18:00:00Z",
    eventType: "user.lifecycle.unsuspend",
  };
  const suspended = { uuid: "b1", published: "2026-05-14T17:00:00Z", eventType: "user.lifecycle.suspend" };
  await send(stack, { ...unsuspended, target: bob }, { uuid: "c1", target: cem });
  await waitUntilIdle(stack);
  await send(stack, { ...suspended, target: bob }, { uuid: "c1", target: cem });
  await waitUntilIdle(stack);

  const journal = await readJournal(stack);
  expect({
    states: ["ada", "bob", "cem"].map((name) => stateOf(stack, team, `${name}@example.com`)),
    outcomes: ["okta-b2", "okta-b1", "okta-c1"].map((id) => journal.get(id)),
    deadLetters: await deadLetterReasons(stack),
  }).toEqual({
    states: ["Suspended", "Registered", "Suspended"],
    outcomes: ["applied", "superseded", "applied"],
    deadLetters: [],
  });
});

/** As EventBridge would, which takes events of a partner's from nobody else. */
async function send({ sqs, queueUrl }: Stack, ...details: object[]): Promise<void> {
  for (const detail of details) {
    const MessageBody = JSON.stringify(oktaEvent(detail));
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("rollcall-dev-okta"), MessageBody }));
  }
}
