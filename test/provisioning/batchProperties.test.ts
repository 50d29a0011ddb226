import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSBatchResponse } from "aws-lambda";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { DetailType } from "../../src/events/hrEvent.ts";
import type { Intent } from "../../src/pipelineSettings.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { toBatchItemResults } from "../../src/queue/batchResponse.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { type EventMessage, type Message, type Scenario, scenario } from "./anyBatch.ts";
import { expectedKinds } from "./oracle.ts";
import { aBody, aRecord } from "./records.ts";
import { runBatch, timeFor } from "./runBatch.ts";

const runs = { numRuns: 400 };

it("every message has exactly the outcome that the events and the directory's answers leave it", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { outcomes, directory } = await processed(given);
      const kinds = outcomes.map(({ kind }) => kind);
      expect(kinds).toEqual(expectedKinds(given.messages, given.intent, directory.calls));
      expect(outcomes.filter((outcome) => "code" in outcome && outcome.code === "Unsettled")).toEqual([]);
    }),
    runs,
  );
});

it("the response names exactly the messages that must come again", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { outcomes, directory } = await processed(given);
      const expected = expectedKinds(given.messages, given.intent, directory.calls);
      const again = expected.flatMap((kind, index) => (kind === "retry" ? [`m-${index}`] : []));
      expect(await failedMessages(outcomes)).toEqual(again);
    }),
    { numRuns: 100 },
  );
});

it("no call breaks a limit, carries a user twice or is for nobody, and none is made that is not needed", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { directory } = await processed(given);
      const limits = { suspend: 50, unsuspend: 50, create: 50, setLicense: 20, signOut: 1, resetPin: 1 };
      const batches = directory.calls.flatMap(({ request }) => ("entries" in request ? [request] : []));
      for (const { operation, entries } of batches) {
        expect(entries.length).toBeGreaterThan(0);
        expect(entries.length).toBeLessThanOrEqual(limits[operation]);
        expect(new Set(entries.map(({ target }) => target)).size).toBe(entries.length);
      }
      // At most one for each account, operation and round, as there are never 20 people in a batch; and two for each one
      // that is refused as a whole.
      const kinds = batches.map(({ operation, accountId }) => `${operation} ${accountId}`);
      const refused = directory.calls.filter(
        ({ request, failure }) =>
          "entries" in request && request.entries.length > 1 && failure?.class === "invalidCall",
      );
      expect(kinds.length).toBeLessThanOrEqual(2 * new Set(kinds).size + 2 * refused.length);
      expect(directory.mostUnderWay()).toBeLessThanOrEqual(given.concurrency);
    }),
    runs,
  );
});

async function processed({ intent, messages, accounts, faults, callsInTime, concurrency }: Scenario) {
  const directory = fakeDirectory(accounts, faults);
  const records = messages.map((message) => toRecord(message, intent));
  const run = { intent, directory, concurrency, budget: timeFor(callsInTime) };
  const { outcomes } = await runBatch(records, run);
  return { outcomes, directory };
}

const detailTypes = {
  onboard: "EmployeeHired",
  offboard: "EmployeeLeft",
  reinstate: "EmployeeReturned",
} as const satisfies Record<Exclude<Intent, "relicense">, DetailType>;

function toRecord(message: Message, intent: Intent): QueueRecord {
  switch (message.type) {
    case "malformed":
      return aBody(message.body);
    case "misrouted":
      return aRecord(intent === "onboard" ? "EmployeeLeft" : "EmployeeHired");
    case "event": {
      const { eventId: id, minute, receiveCount, personId, email, ...data } = message;
      const occurredAt = `2026-05-14T11:${minute}:00Z`;
      return aRecord(detailTypeOf(message, intent), { id, occurredAt, receiveCount, personId, email, data });
    }
  }
}

function detailTypeOf({ licenseType, role }: EventMessage, intent: Intent): DetailType {
  if (intent !== "relicense") return detailTypes[intent];
  return role === undefined && licenseType !== undefined ? "LicenseChanged" : "EmployeeRoleChanged";
}

/** The ids that Lambda would read from the response, by way of the middleware that the functions use. */
async function failedMessages(outcomes: readonly Outcome[]): Promise<string[]> {
  const handler = middy(async () => toBatchItemResults(outcomes)).use(
    sqsPartialBatchFailure({ logger: () => {} }),
  );
  const Records = outcomes.map((_, index) => ({ messageId: `m-${index}` }));
  const response: unknown = await handler({ Records }, {} as Context);
  return (response as SQSBatchResponse).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}
