import type { Message } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Rejected } from "../../../src/provisioning/outcome.ts";
import { bytesPerCall } from "../../../src/queue/sqs/inBatches.ts";
import { type DeadLetter, sendDeadLetters } from "../../../src/queue/sqs/sendDeadLetters.ts";
import { type QueueWorld, receive, startQueueWorld } from "../queueWorld.ts";

let world: QueueWorld;
beforeAll(async () => {
  world = await startQueueWorld();
});
afterAll(() => world.close());

const rejected: Rejected = {
  kind: "rejected",
  code: "NotFound",
  reason: "account a has no such user",
  requestId: "request-1",
};

function letter(body: string, why: Partial<Rejected> = {}): DeadLetter {
  return {
    message: {
      messageId: "message-1",
      receiptHandle: "handle-1",
      body,
      receiveCount: 3,
      receivedAt: Date.parse("2026-05-14T17:00:00.000Z"),
    },
    rejected: { ...rejected, ...why },
  };
}

/** Sends the letters to a queue of their own: what then lies in it, and what did not get there. */
async function deliver(...letters: DeadLetter[]) {
  const url = await world.createQueue();
  const now = () => Date.parse("2026-05-14T17:00:09.500Z");
  const { failed, errors } = await sendDeadLetters(letters, {
    sqs: world.sqs,
    url,
    pipeline: "offboard",
    now,
  });
  return { arrived: await receive(world.sqs, url, letters.length - failed.size), failed, errors };
}

/** Every attribute's value by its name, and the types that occur. */
function attributesOf({ MessageAttributes = {} }: Message) {
  return Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
      name,
      `${DataType} ${StringValue}`,
    ]),
  );
}

const explanation = {
  RollcallPipeline: "String offboard",
  RollcallCode: "String NotFound",
  RollcallReason: "String account a has no such user",
  RollcallRequestId: "String request-1",
  RollcallMessageId: "String message-1",
  RollcallFirstReceivedAt: "String 2026-05-14T17:00:00.000Z",
  RollcallRejectedAt: "String 2026-05-14T17:00:09.500Z",
};

describe("a dead letter", () => {
  it("keeps the body byte for byte and says why it is one", async () => {
    const body = ' {"name":"Zoë \\u0000 \u{1F469}\u200D\u{1F680}",\r\n\t"x":1}\n';
    const { arrived, failed, errors } = await deliver(letter(body));
    expect(arrived.map((message) => ({ body: message.Body, attributes: attributesOf(message) }))).toEqual([
      { body, attributes: explanation },
    ]);
    expect({ failed, errors }).toEqual({ failed: new Set(), errors: [] });
  });

  it("leaves out an attribute that it has no value for, because SQS refuses empty ones", async () => {
    const { arrived } = await deliver(letter("body", { requestId: "", code: "" }));
    const { RollcallRequestId, RollcallCode, ...others } = explanation;
    expect(arrived.map(attributesOf)).toEqual([others]);
  });

  it("cuts a reason after 1,024 characters and replaces what SQS refuses in a text", async () => {
    const reason = `\u0000\u001b\ud800\ufffe\t${"é".repeat(1018)}\u{1F680}tail`;
    const { arrived } = await deliver(letter("body", { reason }));
    expect(arrived.map((message) => attributesOf(message).RollcallReason)).toEqual([
      `String \ufffd\ufffd\ufffd\ufffd\t${"é".repeat(1018)}\ufffd`,
    ]);
  });
});

describe("a dead letter with a body near the limit of SQS", () => {
  it("leaves out the attributes that do not fit any more, the most telling last", async () => {
    const spareBytes = Buffer.byteLength("RollcallCodeStringNotFound");
    const body = "x".repeat(bytesPerCall - spareBytes);
    const { arrived, failed } = await deliver(letter(body));
    expect(arrived.map(attributesOf)).toEqual([{ RollcallCode: "String NotFound" }]);
    expect(arrived.map(({ Body }) => Body === body)).toEqual([true]);
    expect(failed.size).toBe(0);
  });

  it("counts bytes and not characters", async () => {
    const body = "é".repeat(bytesPerCall / 2);
    const { arrived } = await deliver(letter(body));
    expect(arrived.map(attributesOf)).toEqual([{}]);
  });

  it("does not hold up its neighbours if it is too large even so", async () => {
    const huge = letter("x".repeat(bytesPerCall + 1));
    const { arrived, failed, errors } = await deliver(letter("first"), huge, letter("last"));
    expect(arrived.map(({ Body }) => Body).toSorted()).toEqual(["first", "last"]);
    expect(failed).toEqual(new Set([huge]));
    expect(errors.map(String)).toEqual([expect.stringContaining("Batch requests cannot be longer")]);
  });
});
