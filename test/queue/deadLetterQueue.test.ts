import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { receiveDeadLetters } from "../../src/queue/deadLetterQueue.ts";
import { type DeadLetterWorld, startDeadLetterWorld } from "./deadLetterWorld.ts";

const bodies = Array.from({ length: 23 }, (_, index) => `body ${String(index).padStart(2, "0")}`);
const going = new AbortController().signal;

describe("receiveDeadLetters", () => {
  let world: DeadLetterWorld;
  beforeEach(async () => {
    world = await startDeadLetterWorld();
  });
  afterEach(() => world.close());

  it("reads every letter with what it tells of itself, and puts all of them back", async () => {
    await world.reject(...bodies);
    const reading = await receiveDeadLetters([world.queue], going, async ({ letters }) => letters);
    const letters = reading.kind === "used" ? reading.value : [];
    const [first] = letters.toSorted((a, b) => (a.body < b.body ? -1 : 1));
    expect(letters.map(({ body }) => body).sort()).toEqual(bodies);
    expect({ ...first, messageId: "", receiptHandle: "", since: 0, attributes: {} }).toEqual({
      pipeline: "offboard",
      messageId: "",
      receiptHandle: "",
      body: "body 00",
      attributes: {},
      cause: { code: "UserNotFound", reason: "no such user", requestId: "request-1" },
      event: { emails: [] },
      since: 0,
      firstReceivedAt: Date.parse("2026-05-14T17:00:05Z"),
      receiveCount: 1,
    });
    expect(await world.dead()).toEqual(bodies);
  });

  it("sends a letter back with the time of its first receipt, until which its event ages, where the letter tells it", async () => {
    const { sqs, urls, queue } = world;
    await world.reject("rejected");
    await sqs.send(
      new SendMessageCommand({ QueueUrl: urls.deadLetterQueueUrl, MessageBody: "moved by SQS" }),
    );
    await queue.sendToOrigin(await world.hold());
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: urls.queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
      }),
    );
    const received = Messages.map(({ Body, MessageAttributes = {} }) => [
      Body,
      Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
    ]);
    expect(received.sort()).toEqual([
      ["moved by SQS", []],
      ["rejected", [["RollcallFirstReceivedAt", "2026-05-14T17:00:05.000Z"]]],
    ]);
  });

  it("gives each letter once, although SQS hands one out twice, and puts it back", async () => {
    await world.reject(...bodies);
    let isFirst = true;
    world.client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { Messages = [] }: { Messages?: { ReceiptHandle?: string }[] } = { ...Object(result.output) };
        const [message] = Messages;
        if (isFirst && message !== undefined) {
          isFirst = false;
          const QueueUrl = world.urls.deadLetterQueueUrl;
          const { ReceiptHandle } = message;
          await world.sqs.send(
            new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
          );
        }
        return result;
      },
      { step: "initialize" },
    );
    const reading = await receiveDeadLetters([world.queue], going, async ({ letters }) =>
      letters.map(({ body, receiveCount }) => ({ body, receiveCount })),
    );
    const read = reading.kind === "used" ? reading.value : [];
    expect({
      bodies: read.map(({ body }) => body).sort(),
      twice: read.filter(({ receiveCount }) => receiveCount === 2).length,
      dead: await world.dead(),
    }).toEqual({ bodies, twice: 1, dead: bodies });
  });

  it("does not put back what is gone, and tells of none as hidden then", async () => {
    await world.reject("a", "b");
    await receiveDeadLetters([world.queue], going, async ({ letters, gone }) => {
      for (const letter of letters.filter(({ body }) => body === "a")) gone.add(letter);
    });
    // SQS's count is approximate: a moment later it knows of what was put back.
    await expect.poll(() => world.queue.countHidden()).toBe(1);
    const next = await receiveDeadLetters([world.queue], going, async ({ letters, hidden }) => [
      letters.length,
      hidden,
    ]);
    expect(next).toEqual({ kind: "used", value: [1, 1], errors: [] });
  });

  it("puts all back if a later read fails, or if their use does", async () => {
    await world.reject(...bodies);
    world.fail(({ operation, index }) =>
      operation === "ReceiveMessage" && index === 1
        ? { kind: "refuse", status: 503, code: "ServiceUnavailable" }
        : undefined,
    );
    const unread = receiveDeadLetters([world.queue], going, async () => "used");
    await expect(unread).rejects.toMatchObject({ name: "ServiceUnavailable" });
    const broken = receiveDeadLetters([world.queue], going, () => Promise.reject(new Error("a mistake")));
    await expect(broken).rejects.toThrow("a mistake");
    expect(await world.dead()).toEqual(bodies);
  });

  it("stops between two reads when it is interrupted, and puts all back", async () => {
    await world.reject(...bodies);
    const interruption = new AbortController();
    world.fail(({ operation, index }) => {
      if (operation === "ReceiveMessage" && index === 1) interruption.abort();
      return undefined;
    });
    const reading = await receiveDeadLetters([world.queue], interruption.signal, async () => "used");
    expect({ reading, dead: await world.dead() }).toEqual({
      reading: { kind: "interrupted", errors: [] },
      dead: bodies,
    });
  });

  it("says if some could not be put back: they are hidden, and come back by themselves", async () => {
    await world.reject("a", "b");
    world.fail(({ operation, entries }) =>
      operation === "ChangeMessageVisibilityBatch"
        ? { kind: "refuseEntries", ids: entries.slice(0, 1).map(({ Id }) => Id), code: "InternalError" }
        : undefined,
    );
    const reading = await receiveDeadLetters([world.queue], going, async () => "used");
    expect(reading.errors.map(String)).toEqual([
      "Error: SQS did not take 1 of 2 entries: InternalError: asked for by a fault plan",
    ]);
    expect(await world.dead()).toHaveLength(1);
  });
});
