import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { oktaEvent } from "../inbound/fixtures/okta.ts";
import { hold, type QueueWorld, receive, startQueueWorld } from "../queue/queueWorld.ts";
import { startCollectingBus } from "./startCollectingBus.ts";
import { type StartedFunction, startPackaged } from "./startPackaged.ts";

let queues: QueueWorld;
let bus: Awaited<ReturnType<typeof startCollectingBus>>;
let okta: StartedFunction;
let queueUrl: string;
let deadLetterQueueUrl: string;
const busFaults: number[] = [];

beforeAll(async () => {
  queues = await startQueueWorld();
  queueUrl = await queues.createQueue();
  deadLetterQueueUrl = await queues.createQueue();
  bus = await startCollectingBus({
    call: () => {
      const status = busFaults.pop();
      return status === undefined ? undefined : { kind: "refuse", status, code: "AccessDeniedException" };
    },
  });
  okta = await startPackaged("okta", {
    environment: {
      EVENT_BUS_NAME: "rollcall-dev",
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      POWERTOOLS_SERVICE_NAME: "rollcall-dev",
      AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
      AWS_ENDPOINT_URL_SQS: new URL(queueUrl).origin,
    },
  });
});
afterAll(async () => {
  for (const part of [okta, bus, queues]) await part.close();
});
beforeEach(() => {
  okta.logs.length = 0;
  okta.metrics.length = 0;
});

/** Invokes the function with these bodies as messages of its queue, `m0` and so on. */
async function ingest(...bodies: string[]) {
  const messages = await hold(queues.sqs, queueUrl, bodies);
  const Records = messages.map(({ body, receiptHandle }, index) => ({
    messageId: `m${index}`,
    receiptHandle,
    body,
    messageAttributes: {},
    attributes: { ApproximateReceiveCount: "1", ApproximateFirstReceiveTimestamp: "1778778000000" },
  }));
  const answer = await okta.invoke({ Records });
  return { answer, events: await bus.taken() };
}

const failures = (...messageIds: string[]) => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});
const id = "okta-0kta0000-0000-4000-8000-000000000001";

describe("the packaged okta", () => {
  it("publishes an HR event for Okta's, with Okta's own time and id", async () => {
    const { answer, events } = await ingest(JSON.stringify(oktaEvent()));
    expect([answer, events]).toEqual([
      failures(),
      [
        expect.objectContaining({
          source: "rollcall.okta",
          "detail-type": "EmployeeLeft",
          detail: {
            metadata: {
              id,
              schemaVersion: "1.0",
              occurredAt: "2026-05-14T17:00:00.123Z",
              correlationId: id,
              origin: "okta",
            },
            data: { personId: "00u1", email: "ada@example.com", reason: "deactivated in Okta" },
          },
        }),
      ],
    ]);
    expect(okta.metrics).toEqual([
      expect.objectContaining({ SourceEventsPublished: 1, SourceEventsNotPublished: 0 }),
    ]);
  });

  it("publishes nothing for an event that did not succeed, and acknowledges it", async () => {
    const failed = JSON.stringify(oktaEvent({ outcome: { result: "FAILURE" } }));
    expect(await ingest(failed)).toEqual({ answer: failures(), events: [] });
  });

  it("moves an event that it cannot read to its dead-letter queue, with the reason, and publishes the others", async () => {
    const noAddress = oktaEvent({ target: [{ id: "00u1", type: "User", alternateId: "lovelace" }] });
    const bodies = ["lovelace", JSON.stringify(noAddress), JSON.stringify(oktaEvent())];
    const { answer, events } = await ingest(...bodies);
    const deadLetters = await receive(queues.sqs, deadLetterQueueUrl, 2);
    const reasons = deadLetters.map(({ Body, MessageAttributes }) => [
      bodies.indexOf(Body ?? ""),
      MessageAttributes?.RollcallPipeline?.StringValue,
      MessageAttributes?.RollcallCode?.StringValue,
    ]);
    expect([answer, events.length, reasons.toSorted()]).toEqual([
      failures(),
      1,
      [
        [0, "okta", "Unusable"],
        [1, "okta", "Malformed"],
      ],
    ]);
    expect(okta.logs).toContainEqual(expect.objectContaining({ level: "WARN", message: "rejected" }));
  });

  it("fails a message whose event the bus does not accept, so that it comes again", async () => {
    busFaults.push(403);
    expect(await ingest(JSON.stringify(oktaEvent()))).toEqual({ answer: failures("m0"), events: [] });
    expect(okta.logs).toContainEqual(
      expect.objectContaining({ level: "WARN", message: "retry", code: "NotPublished" }),
    );
    expect(okta.metrics).toEqual([
      expect.objectContaining({ SourceEventsPublished: 0, SourceEventsNotPublished: 1 }),
    ]);
  });

  it("names nobody", () => {
    expect(okta.lines.filter((line) => /ada@|admin@|lovelace/.test(line))).toEqual([]);
  });
});
