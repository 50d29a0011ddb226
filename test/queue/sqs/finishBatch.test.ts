import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Outcome, Rejected, Retry } from "../../../src/provisioning/outcome.ts";
import { type QueueMessage, toBatchItemResults } from "../../../src/queue/batchResponse.ts";
import { type FinishContext, type FinishedMessage, finishBatch } from "../../../src/queue/sqs/finishBatch.ts";
import { countVisible, hold, type QueueWorld, receive, startQueueWorld } from "../queueWorld.ts";

let world: QueueWorld;
beforeAll(async () => {
  world = await startQueueWorld();
});
afterEach(() => {
  world.faulty.faults.clear();
  world.faulty.batches.length = 0;
});
afterAll(() => world.close());

const applied: Outcome = { kind: "applied", requestId: "request-1" };
const rejected: Rejected = { kind: "rejected", code: "NotFound", reason: "no such user" };
const retry: Retry = { kind: "retry", code: "Throttled", reason: "slow down" };
const notSent: Retry = {
  kind: "retry",
  code: "DeadLetterNotSent",
  reason: "the dead-letter queue did not take it (NotFound: no such user)",
  atMostSeconds: 60,
};

/** A queue with the bodies' messages in a function's hands, an empty dead-letter queue, and what `release` needs. */
async function pipelineWith(bodies: readonly string[], visibilityTimeoutSeconds?: number) {
  const queueUrl = await world.createQueue(visibilityTimeoutSeconds);
  const deadLetterQueueUrl = await world.createQueue();
  const messages = await hold(world.sqs, queueUrl, bodies);
  const context: FinishContext = {
    sqs: world.faulty.client,
    pipeline: "offboard",
    queueUrl,
    deadLetterQueueUrl,
    now: Date.now,
    random: () => 0,
  };
  return { messages, context, queueUrl, deadLetterQueueUrl };
}

const settleAll = (messages: readonly QueueMessage[], outcome: Outcome): FinishedMessage[] =>
  messages.map((message) => ({ message, outcome }));

/** Each message's body with what became of it, in the order of the batch. */
const fates = (settled: readonly FinishedMessage[]) =>
  settled.map(({ message, outcome }) => [message.body, outcome] as const);

/** The statuses that the middleware is given. */
const statuses = (settled: readonly FinishedMessage[]) =>
  toBatchItemResults(settled.map(({ outcome }) => outcome)).map(({ status }) => status);

/** The waits in seconds that SQS was asked for, by body. */
function waits(messages: readonly QueueMessage[]) {
  const entries = world.faulty.batches
    .filter(({ action }) => action === "ChangeMessageVisibilityBatch")
    .flatMap((call) => call.entries);
  return entries.map(({ ReceiptHandle, VisibilityTimeout }) => [
    messages.find(({ receiptHandle }) => receiptHandle === ReceiptHandle)?.body,
    VisibilityTimeout,
  ]);
}

describe("a batch that is let go", () => {
  it("leaves alone what needs nothing more", async () => {
    const { messages, context } = await pipelineWith(["a", "b"]);
    const batch = settleAll(messages, applied);
    expect(await finishBatch(batch, context)).toEqual({ released: batch, errors: [] });
    expect(world.faulty.batches).toEqual([]);
  });

  it("moves the rejected to the dead-letter queue and reports them as done", async () => {
    const { messages, context, deadLetterQueueUrl } = await pipelineWith(["good", "bad"]);
    const batch = messages.map((message): FinishedMessage => {
      return { message, outcome: message.body === "bad" ? rejected : applied };
    });
    const { released, errors } = await finishBatch(batch, context);
    expect(statuses(released)).toEqual(["fulfilled", "fulfilled"]);
    expect(errors).toEqual([]);
    const letters = await receive(world.sqs, deadLetterQueueUrl, 1);
    expect(
      letters.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.RollcallCode?.StringValue]),
    ).toEqual([["bad", "NotFound"]]);
  });

  it("reports every message in the order in which it came, in tens to SQS", async () => {
    const bodies = Array.from({ length: 45 }, (_, index) => `message ${index}`);
    const { messages, context } = await pipelineWith(bodies);
    const outcomes = [rejected, applied, retry];
    const batch = messages.map((message, index) => ({ message, outcome: outcomes[index % 3] ?? applied }));
    const { released } = await finishBatch(batch, context);
    expect(fates(released)).toEqual(fates(batch));
    expect(world.faulty.batches.map(({ action, entries }) => [action, entries.length])).toEqual([
      ["SendMessageBatch", 10],
      ["SendMessageBatch", 5],
      ["ChangeMessageVisibilityBatch", 10],
      ["ChangeMessageVisibilityBatch", 5],
    ]);
  });
});

describe("a message to retry", () => {
  it("waits for its own back-off instead of the queue's visibility timeout", async () => {
    const { messages, context, queueUrl } = await pipelineWith(["soon", "late"], 600);
    const batch = messages.map((message): FinishedMessage => {
      return { message, outcome: message.body === "late" ? { ...retry, retryAfterSeconds: 300 } : retry };
    });
    const before = performance.now();
    const { released } = await finishBatch(batch, context);
    expect(statuses(released)).toEqual(["rejected", "rejected"]);
    expect(waits(messages)).toEqual([
      ["soon", 1],
      ["late", 300],
    ]);
    const again = await receive(world.sqs, queueUrl, 1);
    expect(performance.now() - before).toBeGreaterThan(900);
    expect(again.map(({ Body }) => Body)).toEqual(["soon"]);
    expect(await countVisible(world.sqs, queueUrl)).toBe(0);
  });

  it("waits the longer, the more often it has come", async () => {
    const { messages, context } = await pipelineWith(["first", "sixth"]);
    const batch = messages.map((message): FinishedMessage => {
      return { message: { ...message, receiveCount: message.body === "sixth" ? 6 : 1 }, outcome: retry };
    });
    await finishBatch(batch, { ...context, random: () => 0.5 });
    expect(waits(messages)).toEqual([
      ["first", 3],
      ["sixth", 80],
    ]);
  });

  it.each(["fail", "refuse"] as const)(
    "comes again after the queue's visibility timeout if SQS does not take the back-off (%s)",
    async (kind) => {
      const { messages, context, queueUrl } = await pipelineWith(["a"], 1);
      world.faulty.faults.set("ChangeMessageVisibilityBatch", { kind, isRefused: () => true });
      const { released, errors } = await finishBatch(settleAll(messages, retry), context);
      expect(statuses(released)).toEqual(["rejected"]);
      expect(errors).toHaveLength(1);
      expect((await receive(world.sqs, queueUrl, 1)).map(({ Body }) => Body)).toEqual(["a"]);
    },
  );
});

describe("a dead-letter queue that does not take", () => {
  it("some messages makes just these retry, with a back-off", async () => {
    const { messages, context, deadLetterQueueUrl } = await pipelineWith(["a", "b", "c"]);
    world.faulty.faults.set("SendMessageBatch", {
      kind: "refuse",
      isRefused: ({ MessageBody }) => MessageBody === "b",
    });
    const { released, errors } = await finishBatch(settleAll(messages, rejected), context);
    expect(fates(released)).toEqual([
      ["a", rejected],
      ["b", notSent],
      ["c", rejected],
    ]);
    expect(waits(messages)).toEqual([["b", 1]]);
    expect(errors.map(String)).toEqual(["Error: SQS did not take 1 of 3 entries: InternalError: try again"]);
    const letters = await receive(world.sqs, deadLetterQueueUrl, 2);
    expect(letters.map(({ Body }) => Body).toSorted()).toEqual(["a", "c"]);
  });

  it("any message makes all of them retry", async () => {
    const { messages, context } = await pipelineWith(["a", "b"]);
    world.faulty.faults.set("SendMessageBatch", { kind: "fail" });
    const { released, errors } = await finishBatch(settleAll(messages, rejected), context);
    expect(fates(released)).toEqual([
      ["a", notSent],
      ["b", notSent],
    ]);
    expect(errors.map(String)).toEqual([expect.stringContaining("down")]);
  });

  it("any message, while the back-off fails too, loses nothing", async () => {
    const { messages, context, queueUrl } = await pipelineWith(["a", "b"], 1);
    world.faulty.faults.set("SendMessageBatch", { kind: "fail" });
    world.faulty.faults.set("ChangeMessageVisibilityBatch", { kind: "fail" });
    const { released, errors } = await finishBatch(settleAll(messages, rejected), context);
    expect(statuses(released)).toEqual(["rejected", "rejected"]);
    expect(errors).toHaveLength(2);
    const again = await receive(world.sqs, queueUrl, 2);
    expect(again.map(({ Body }) => Body).toSorted()).toEqual(["a", "b"]);
  });
});

describe("a message that has been put off again and again", () => {
  const aged = (messages: readonly QueueMessage[]) =>
    settleAll(
      messages.map((message) => ({ ...message, receiveCount: 40 })),
      retry,
    );

  it("stands in its queue anew, tells when it first came, and is acknowledged", async () => {
    const { messages, context, queueUrl } = await pipelineWith(["old"]);
    const { released, errors } = await finishBatch(aged(messages), { ...context, random: () => 0 });
    const [copy] = await receive(world.sqs, queueUrl, 1);
    expect([
      statuses(released),
      errors,
      copy?.Body,
      copy?.MessageAttributes?.RollcallFirstReceivedAt?.StringValue,
    ]).toEqual([["fulfilled"], [], "old", "2026-05-14T17:00:00.000Z"]);
  });

  it("waits for as long as the service said, rather than for the 15 minutes of a new message, while receives are left", async () => {
    const { messages, context } = await pipelineWith(["40", "44", "45"]);
    const batch = messages.map((message): FinishedMessage => {
      return {
        message: { ...message, receiveCount: Number(message.body) },
        outcome: { ...retry, retryAfterSeconds: 3_600 },
      };
    });
    const { released } = await finishBatch(batch, context);
    const anew = released.map(({ message, outcome }) => [
      message.body,
      outcome.kind === "retry" && outcome.renewed === true,
    ]);
    expect({ anew: Object.fromEntries(anew), waits: waits(messages) }).toEqual({
      anew: { "40": false, "44": false, "45": true },
      waits: [
        ["40", 3_600],
        ["44", 3_600],
      ],
    });
  });

  it("goes to the dead-letter queue in the end if it waits for somebody who may never come", async () => {
    const { messages, context } = await pipelineWith(["old"]);
    const batch = settleAll(
      messages.map((message) => ({ ...message, receiveCount: 49 })),
      { ...retry, receivesAreNumbered: true },
    );
    const { released } = await finishBatch(batch, context);
    expect([statuses(released), waits(messages)]).toEqual([["rejected"], [["old", 1]]]);
  });

  it("is reported as failed where its copy did not get through, and comes again after its back-off", async () => {
    const { messages, context } = await pipelineWith(["old"]);
    world.faulty.faults.set("SendMessageBatch", { kind: "fail" });
    const { released } = await finishBatch(aged(messages), context);
    expect([statuses(released), waits(messages)]).toEqual([["rejected"], [["old", 1]]]);
  });
});
