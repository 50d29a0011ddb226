import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aQueue } from "./aQueue.ts";
import { receiveOne, type SqsWorld, startSqsWorld } from "./sqsWorld.ts";

let world: SqsWorld;
let QueueUrl: string;
beforeAll(async () => {
  world = await startSqsWorld();
  const queue = aQueue();
  await world.create(queue);
  QueueUrl = world.urlOf(queue);
});
afterAll(() => world.close());

it.each([
  ["\uffff", "#xFFFF"],
  ["\ufffe", "#xFFFE"],
  ["\u0000", "#x0"],
  ["\u000c", "#xC"],
  ["\u001f", "#x1F"],
])("refuses a message with a character that SQS does not take: %j", async (character, name) => {
  const call = world.client.send(new SendMessageCommand({ QueueUrl, MessageBody: `a${character}b` }));
  await expect(call).rejects.toMatchObject({
    name: "InvalidMessageContents",
    message: `Invalid binary character '${name}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].`,
  });
});

it("fails only that message of a batch, also for an attribute", async () => {
  const { Successful, Failed } = await world.client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: "good", MessageBody: "good" },
        { Id: "body", MessageBody: "\uffff" },
        {
          Id: "attribute",
          MessageBody: "good",
          MessageAttributes: { Reason: { DataType: "String", StringValue: "\ufffe" } },
        },
      ],
    }),
  );
  expect(Successful?.map(({ Id }) => Id)).toEqual(["good"]);
  expect(Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
    ["body", "InvalidMessageContents", true],
    ["attribute", "InvalidMessageContents", true],
  ]);
});

it("takes every character of XML as it is, and what only looks like an escape", async () => {
  const queue = aQueue();
  await world.create(queue);
  const url = world.urlOf(queue);
  const MessageBody = `\t\n\r ~\u007f\u0085\ud7ff\ue000\ufffd😀\u{10ffff} \\uffff \\u0000 {"a":"\\\\ud800"}`;
  await world.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  const { Body } = await receiveOne(world.client, url);
  expect(Body).toBe(MessageBody);
});
