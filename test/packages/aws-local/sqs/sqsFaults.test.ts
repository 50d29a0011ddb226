import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it } from "vitest";
import type { SqsFault, SqsRequest } from "../../../../packages/aws-local/sqs/sqsFaults.ts";
import { aQueue } from "./aQueue.ts";
import { receiveOne, type SqsWorld, startSqsWorld } from "./sqsWorld.ts";

describe("a fault in front of SQS", () => {
  let world: SqsWorld;
  let url: string;
  const seen: SqsRequest[] = [];
  /** The fault strikes the first request of the operation; what befalls the others is none of its business. */
  async function start(operation: string, fault: SqsFault): Promise<void> {
    seen.length = 0;
    world = await startSqsWorld((request) => {
      seen.push(request);
      return request.operation === operation && request.index === 0 ? fault : undefined;
    });
    const queue = aQueue();
    await world.create(queue);
    url = world.urlOf(queue);
  }
  afterEach(() => world.close());

  const send = (...bodies: string[]) =>
    world.client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    );
  const entriesOf = (messages: readonly Message[]) =>
    messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const remove = (...messages: Message[]) =>
    world.client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entriesOf(messages) }));
  const show = (...messages: Message[]) =>
    world.client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: entriesOf(messages).map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
      }),
    );

  it.each([
    [400, "RequestThrottled"],
    [500, "InternalFailure"],
    [503, "ServiceUnavailable"],
  ] as const)("refuses a call with %i %s, and it takes no effect", async (status, code) => {
    await start("SendMessageBatch", { kind: "refuse", status, code });
    await expect(send("a", "b")).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
    expect(await world.depth(url)).toEqual(0);
  });

  it("refuses single entries in a 200, and only the others take effect", async () => {
    await start("SendMessageBatch", { kind: "refuseEntries", ids: ["1"], code: "InternalError" });
    const { Successful, Failed } = await send("a", "b", "c");
    expect({
      successful: Successful?.map(({ Id }) => Id),
      failed: Failed?.map(({ Id, Code }) => ({ Id, Code })),
      left: await world.depth(url),
    }).toEqual({
      successful: ["0", "2"],
      failed: [{ Id: "1", Code: "InternalError" }],
      left: 2,
    });
  });

  it("refuses all entries of a call in a 200", async () => {
    await start("SendMessageBatch", { kind: "refuseEntries", ids: ["0", "1"], code: "RequestThrottled" });
    const { Successful, Failed } = await send("a", "b");
    expect({ Successful, failed: Failed?.map(({ Id }) => Id), left: await world.depth(url) }).toEqual({
      Successful: undefined,
      failed: ["0", "1"],
      left: 0,
    });
  });

  it("adds its refusals to the server's own", async () => {
    await start("DeleteMessageBatch", { kind: "refuseEntries", ids: ["0"], code: "InternalError" });
    await send("a");
    const message = await receiveOne(world.client, url);
    const { Failed } = await remove(message, { ReceiptHandle: "no handle" });
    expect({ failed: Failed?.map(({ Id }) => Id).toSorted(), left: await world.depth(url) }).toEqual({
      failed: ["0", "1"],
      left: 1,
    });
  });

  it("loses the answer to a call that took effect", async () => {
    await start("DeleteMessageBatch", { kind: "loseAnswer" });
    await send("a");
    const message = await receiveOne(world.client, url);
    await expect(remove(message)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await world.depth(url)).toEqual(0);
  });

  it("leaves a message hidden whose change of visibility it refuses", async () => {
    await start("ChangeMessageVisibilityBatch", { kind: "refuseEntries", ids: ["0"], code: "InternalError" });
    await send("a");
    const message = await receiveOne(world.client, url);
    await show(message);
    expect(await world.receive(url, 0)).toEqual([]);
    await show(message);
    expect((await receiveOne(world.client, url)).Attributes?.ApproximateReceiveCount).toEqual("2");
  });

  it("is chosen by operation, queue, entries and the number of the request among its like", async () => {
    await start("none", { kind: "loseAnswer" });
    await send("a");
    await world.receive(url, 0);
    await send("b", "c");
    const queue = url.replace(/^.*\//, "");
    expect(seen).toEqual([
      { index: 0, operation: "CreateQueue", queue: "", entries: [] },
      { index: 0, operation: "SendMessageBatch", queue, entries: [{ Id: "0", MessageBody: "a" }] },
      { index: 0, operation: "ReceiveMessage", queue, entries: [] },
      {
        index: 1,
        operation: "SendMessageBatch",
        queue,
        entries: [
          { Id: "0", MessageBody: "b" },
          { Id: "1", MessageBody: "c" },
        ],
      },
    ]);
  });
});
