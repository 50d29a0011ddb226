import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Outcome, Rejected, Retry } from "../../../src/provisioning/outcome.ts";
import {
  type FinishedMessage,
  type QueueMessage,
  toBatchItemResults,
} from "../../../src/queue/batchResponse.ts";
import { type FinishContext, finishBatch } from "../../../src/queue/sqs/finishBatch.ts";
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

/** A queue whose messages a function has received, an empty dead-letter queue, and the context of `finishBatch`. */
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

const withOutcome = (messages: readonly QueueMessage[], outcome: Outcome): FinishedMessage[] =>
  messages.map((message) => ({ message, outcome }));

/** Each message's body and outcome, in the order of the batch. */
const outcomesByBody = (messages: readonly FinishedMessage[]) =>
  messages.map(({ message, outcome }) => [message.body, outcome] as const);

/** The statuses that the middleware is given. */
const statuses = (messages: readonly FinishedMessage[]) =>
  toBatchItemResults(messages.map(({ outcome }) => outcome)).map(({ status }) => status);

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

describe("a finished batch", () => {
  it("leaves alone what needs nothing more", async () => {
    const { messages, context } = await pipelineWith(["a", "b"]);
    const batch = withOutcome(messages, applied);
    expect(await finishBatch(batch, context)).toEqual({ finished: batch, errors: [] });
    expect(world.faulty.batches).toEqual([]);
  });

  it("moves the rejected to the dead-letter queue and reports them as done", async () => {
    const { messages, context, deadLetterQueueUrl } = await pipelineWith(["good", "bad"]);
    const batch = messages.map((message): FinishedMessage => {
      return { message, outcome: message.body === "bad" ? rejected : applied };
    });
    const { finished, errors } = await finishBatch(batch, context);
    expect(statuses(finished)).toEqual(["fulfilled", "fulfilled"]);
    expect(errors).toEqual([]);
    const deadLetters = await receive(world.sqs, deadLetterQueueUrl, 1);
    expect(
      deadLetters.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.RollcallCode?.StringValue]),
    ).toEqual([["bad", "NotFound"]]);
  });

  it("reports every message in the order in which it came, in tens to SQS", async () => {
    const bodies = Array.from({ length: 45 }, (_, index) => `message ${index}`);
    const { messages, context } = await pipelineWith(bodies);
    const outcomes = [rejected, applied, retry];
    const batch = messages.map((message, index) => ({ message, outcome: outcomes[index % 3] ?? applied }));
    const { finished } = await finishBatch(batch, context);
    expect(outcomesByBody(finished)).toEqual(outcomesByBody(batch));
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
    const { finished } = await finishBatch(batch, context);
    expect(statuses(finished)).toEqual(["rejected", "rejected"]);
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
      const { finished, errors } = await finishBatch(withOutcome(messages, retry), context);
      expect(statuses(finished)).toEqual(["rejected"]);
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
    const { finished, errors } = await finishBatch(withOutcome(messages, rejected), context);
    expect(outcomesByBody(finished)).toEqual([
      ["a", rejected],
      ["b", notSent],
      ["c", rejected],
    ]);
    expect(waits(messages)).toEqual([["b", 1]]);
    expect(errors.map(String)).toEqual(["Error: SQS did not take 1 of 3 entries: InternalError: try again"]);
    const deadLetters = await receive(world.sqs, deadLetterQueueUrl, 2);
    expect(deadLetters.map(({ Body }) => Body).toSorted()).toEqual(["a", "c"]);
  });

  it("any message makes all of them retry", async () => {
    const { messages, context } = await pipelineWith(["a", "b"]);
    world.faulty.faults.set("SendMessageBatch", { kind: "fail" });
    const { finished, errors } = await finishBatch(withOutcome(messages, rejected), context);
    expect(outcomesByBody(finished)).toEqual([
      ["a", notSent],
      ["b", notSent],
    ]);
    expect(errors.map(String)).toEqual([expect.stringContaining("down")]);
  });

  it("any message, while the back-off fails too, loses nothing", async () => {
    const { messages, context, queueUrl } = await pipelineWith(["a", "b"], 1);
    world.faulty.faults.set("SendMessageBatch", { kind: "fail" });
    world.faulty.faults.set("ChangeMessageVisibilityBatch", { kind: "fail" });
    const { finished, errors } = await finishBatch(withOutcome(messages, rejected), context);
    expect(statuses(finished)).toEqual(["rejected", "rejected"]);
    expect(errors).toHaveLength(2);
    const again = await receive(world.sqs, queueUrl, 2);
    expect(again.map(({ Body }) => Body).toSorted()).toEqual(["a", "b"]);
  });
});

describe("a message whose wait says nothing about it", () => {
  const paused: Retry = {
    ...retry,
    code: "Paused",
    atLeastSeconds: 2,
    atMostSeconds: 1,
    renewEachTime: true,
  };

  it("goes back as a new one at its first receive already, and waits there", async () => {
    const { messages, context, queueUrl } = await pipelineWith(["a"], 600);
    const before = performance.now();
    const { finished, errors } = await finishBatch(withOutcome(messages, paused), context);
    expect([statuses(finished), errors, waits(messages)]).toEqual([["fulfilled"], [], []]);
    const [copy] = await receive(world.sqs, queueUrl, 1);
    expect(performance.now() - before).toBeGreaterThan(1_900);
    // It is a new message, whose receives count from zero.
    expect([copy?.Body, copy?.MessageId === messages[0]?.messageId]).toEqual(["a", false]);
  });

  it("waits as it is where its copy did not get through", async () => {
    const { messages, context } = await pipelineWith(["a"], 600);
    world.faulty.faults.set("SendMessageBatch", { kind: "fail" });
    const { finished } = await finishBatch(withOutcome(messages, paused), context);
    expect([statuses(finished), waits(messages)]).toEqual([["rejected"], [["a", 2]]]);
  });
});

describe("a message with many receives", () => {
  const old = (messages: readonly QueueMessage[]) =>
    withOutcome(
      messages.map((message) => ({ ...message, receiveCount: 40 })),
      retry,
    );

  it("is replaced by a new copy that says when it was first received, and is acknowledged", async () => {
    const { messages, context, queueUrl } = await pipelineWith(["old"]);
    const { finished, errors } = await finishBatch(old(messages), { ...context, random: () => 0 });
    const [copy] = await receive(world.sqs, queueUrl, 1);
    expect([
      statuses(finished),
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
    const { finished } = await finishBatch(batch, context);
    const anew = finished.map(({ message, outcome }) => [
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
    const batch = withOutcome(
      messages.map((message) => ({ ...message, receiveCount: 49 })),
      { ...retry, receivesAreNumbered: true },
    );
    const { finished } = await finishBatch(batch, context);
    expect([statuses(finished), waits(messages)]).toEqual([["rejected"], [["old", 1]]]);
  });

  it("is reported as failed where its copy did not get through, and comes again after its back-off", async () => {
    const { messages, context } = await pipelineWith(["old"]);
    world.faulty.faults.set("SendMessageBatch", { kind: "fail" });
    const { finished } = await finishBatch(old(messages), context);
    expect([statuses(finished), waits(messages)]).toEqual([["rejected"], [["old", 1]]]);
  });
});
