import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  type Message,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import { startSqs } from "../../../../packages/aws-local/sqs/startSqs.ts";
import { aQueue, arnOf } from "./aQueue.ts";
import { receiveOne, type SqsWorld, startSqsWorld } from "./sqsWorld.ts";

describe("the embedded SQS", () => {
  let world: SqsWorld;
  beforeAll(async () => {
    world = await startSqsWorld();
  });
  afterAll(() => world.close());

  const create = async (given: Parameters<typeof aQueue>[0] = {}) => {
    const queue = aQueue(given);
    await world.create(queue);
    return world.urlOf(queue);
  };
  const send = (QueueUrl: string, more: { DelaySeconds?: number } = {}) =>
    world.client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: "body",
        MessageAttributes: { Colour: { DataType: "String", StringValue: "blue" } },
        ...more,
      }),
    );
  const putOff = (QueueUrl: string, { ReceiptHandle }: Message, VisibilityTimeout: number) =>
    world.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  const putOffInBatch = (QueueUrl: string, { ReceiptHandle }: Message, VisibilityTimeout: number) => {
    const Entries = [{ Id: "0", ReceiptHandle, VisibilityTimeout }];
    return world.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  };
  const countOf = (message: Message | undefined) => message?.Attributes?.ApproximateReceiveCount;

  it.each([
    ["ChangeMessageVisibility", putOff],
    ["ChangeMessageVisibilityBatch", putOffInBatch],
  ])("counts receives, and no %s", async (_, change) => {
    const url = await create();
    await send(url);
    const counts: unknown[] = [];
    for (let receive = 1; receive <= 3; receive += 1) {
      const message = await receiveOne(world.client, url);
      counts.push(countOf(message));
      await change(url, message, 30);
      await change(url, message, 0);
    }
    expect(counts).toEqual(["1", "2", "3"]);
  });

  it("remembers when a message was first received", async () => {
    const url = await create();
    await send(url);
    const first = await receiveOne(world.client, url);
    await putOff(url, first, 0);
    const second = await receiveOne(world.client, url);
    expect(second.Attributes?.ApproximateFirstReceiveTimestamp).toEqual(
      first.Attributes?.ApproximateFirstReceiveTimestamp,
    );
  });

  it("moves a message to the dead-letter queue after so many receives, as it was and with its source", async () => {
    const deadLetters = aQueue();
    const queue = aQueue({ redrive: { deadLetterArn: deadLetters.arn, maxReceiveCount: 3 } });
    await world.create(queue, deadLetters);
    const [url, deadUrl] = [world.urlOf(queue), world.urlOf(deadLetters)];
    const { MessageId } = await send(url);
    for (let receive = 1; receive <= 3; receive += 1) {
      const message = await receiveOne(world.client, url);
      await putOff(url, message, 30);
      await putOff(url, message, 0);
    }
    const dead = await receiveOne(world.client, deadUrl);
    expect({
      id: dead.MessageId,
      body: dead.Body,
      attributes: dead.MessageAttributes,
      source: dead.Attributes?.DeadLetterQueueSourceArn,
      count: countOf(dead),
      left: await world.depth(url),
    }).toEqual({
      id: MessageId,
      body: "body",
      attributes: { Colour: { DataType: "String", StringValue: "blue" } },
      source: queue.arn,
      count: "1",
      left: 0,
    });
  });

  it("hides a received message until its visibility timeout ends, however often that is changed", async () => {
    const url = await create({ visibilityTimeoutSeconds: 600 });
    await send(url);
    const message = await receiveOne(world.client, url);
    await putOff(url, message, 300);
    expect(await world.receive(url, 0)).toEqual([]);
    const changedAt = Date.now();
    await putOff(url, message, 1);
    const [again] = await world.receive(url, 5);
    expect({ id: again?.MessageId, hidden: Date.now() - changedAt >= 1000 }).toEqual({
      id: message.MessageId,
      hidden: true,
    });
  });

  it("hands a delayed message out when its delay is over", async () => {
    const url = await create();
    const sentAt = Date.now();
    await send(url, { DelaySeconds: 1 });
    expect(await world.receive(url, 0)).toEqual([]);
    await receiveOne(world.client, url);
    expect(Date.now() - sentAt).toBeGreaterThanOrEqual(1000);
  });

  it("forgets a message that was deleted, and changes its visibility no more", async () => {
    const url = await create();
    await send(url);
    const message = await receiveOne(world.client, url);
    const { ReceiptHandle } = message;
    await world.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    const { Failed } = await putOffInBatch(url, message, 0);
    expect({ left: await world.depth(url), failed: Failed?.map(({ Id }) => Id) }).toEqual({
      left: 0,
      failed: ["0"],
    });
  });

  it("has queues as the template wants them, whichever of them it names first", async () => {
    const deadLetters = aQueue({ messageRetentionSeconds: 1_209_600 });
    const queue = aQueue({
      visibilityTimeoutSeconds: 725,
      delaySeconds: 2,
      receiveWaitSeconds: 3,
      maximumMessageBytes: 2048,
      redrive: { deadLetterArn: deadLetters.arn, maxReceiveCount: 50 },
    });
    await world.create(queue, deadLetters);
    const [url, deadUrl] = [world.urlOf(queue), world.urlOf(deadLetters)];
    const { Attributes } = await world.client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );
    const { queueUrls } = await world.client.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }),
    );
    expect({ Attributes, queueUrls }).toMatchObject({
      Attributes: {
        QueueArn: arnOf(queue.name),
        VisibilityTimeout: "725",
        MessageRetentionPeriod: "345600",
        DelaySeconds: "2",
        ReceiveMessageWaitTimeSeconds: "3",
        MaximumMessageSize: "2048",
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 50 }),
      },
      queueUrls: [url],
    });
  });

  it("listens on this machine only", () => {
    expect(new URL(world.url).hostname).toEqual("127.0.0.1");
  });
});

it("an embedded SQS that was closed answers no more", async () => {
  const server = await startSqs(devAccount);
  await server.close();
  const { region, credentials } = devAccount;
  const client = new SQSClient({ region, credentials, endpoint: server.url, maxAttempts: 1 });
  const call = client.send(new GetQueueAttributesCommand({ QueueUrl: server.queueUrl("any") }));
  await expect(call).rejects.toMatchObject({ code: "ECONNREFUSED" });
  client.destroy();
});
