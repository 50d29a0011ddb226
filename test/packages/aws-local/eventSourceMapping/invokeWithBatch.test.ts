import { type DeleteMessageBatchRequest, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteMessages } from "../../../../packages/aws-local/eventSourceMapping/invokeWithBatch.ts";
import { type Queues, startQueues } from "./startQueues.ts";

let queues: Queues;

beforeAll(async () => {
  queues = await startQueues();
});

afterAll(() => queues.close());

async function queueWith(count: number) {
  const queueUrl = await queues.create({ VisibilityTimeout: "60" });
  await queues.send(queueUrl, Array.from({ length: count }, String));
  const receiptHandles: string[] = [];
  while (receiptHandles.length < count) {
    const command = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await queues.client.send(command);
    receiptHandles.push(...Messages.flatMap(({ ReceiptHandle }) => ReceiptHandle ?? []));
  }
  return { client: queues.client, queueUrl, receiptHandles };
}

/** Lets SQS fail as a script says: a throw, or the positions of the entries that are not deleted. */
function failing(
  client: SQSClient,
  script: (call: number) => number[],
): { sizes: number[]; restore: () => void } {
  const sizes: number[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== "DeleteMessageBatchCommand") return next(args);
      const input = args.input as DeleteMessageBatchRequest;
      const entries = input.Entries ?? [];
      sizes.push(entries.length);
      const failed = script(sizes.length);
      const kept = entries.filter((_, at) => !failed.includes(at));
      if (kept.length > 0) await next({ ...args, input: { ...input, Entries: kept } });
      const Failed = entries
        .filter((_, at) => failed.includes(at))
        .map(({ Id }) => ({ Id, Code: "InternalError", Message: "try again", SenderFault: false }));
      return { response: {}, output: { $metadata: {}, Successful: [], Failed } };
    },
    { step: "initialize", name: "failing" },
  );
  return { sizes, restore: () => client.middlewareStack.remove("failing") };
}

describe("deleteMessages", () => {
  it("deletes in calls of ten at most", async () => {
    const deletion = await queueWith(23);
    const { sizes, restore } = failing(queues.client, () => []);
    const undeleted = await deleteMessages(deletion);
    restore();
    expect([undeleted, sizes.sort(), await queues.count(deletion.queueUrl)]).toEqual([[], [10, 10, 3], 0]);
  });

  it("tries the failed entries of a 200 again, and only those", async () => {
    const deletion = await queueWith(10);
    const { sizes, restore } = failing(queues.client, (call) => ({ 1: [2, 7, 9], 2: [1] })[call] ?? []);
    const undeleted = await deleteMessages(deletion);
    restore();
    expect([undeleted, sizes, await queues.count(deletion.queueUrl)]).toEqual([[], [10, 3, 1], 0]);
  });

  it("tells what it could not delete after four attempts, and why", async () => {
    const deletion = await queueWith(4);
    const { sizes, restore } = failing(queues.client, () => [0]);
    const undeleted = await deleteMessages(deletion);
    restore();
    expect([undeleted, sizes, await queues.count(deletion.queueUrl)]).toEqual([
      [{ receiptHandle: deletion.receiptHandles[0], why: "InternalError: try again" }],
      [4, 1, 1, 1],
      1,
    ]);
  });

  it("counts a call that fails altogether as the failure of all its entries", async () => {
    const deletion = await queueWith(2);
    const { sizes, restore } = failing(queues.client, (call) => {
      if (call === 1) throw new Error("connection reset");
      return [];
    });
    const undeleted = await deleteMessages(deletion);
    restore();
    expect([undeleted, sizes, await queues.count(deletion.queueUrl)]).toEqual([[], [2, 2], 0]);
  });

  it("deletes a message that is in the batch twice", async () => {
    const deletion = await queueWith(1);
    const receiptHandles = [...deletion.receiptHandles, ...deletion.receiptHandles];
    expect(await deleteMessages({ ...deletion, receiptHandles })).toEqual([]);
    expect(await queues.count(deletion.queueUrl)).toBe(0);
  });
});
