import type { SQSRecord } from "aws-lambda";
import { expect, it } from "vitest";
import { toQueueMessage } from "../../src/queue/queueMessage.ts";

const record: SQSRecord = {
  messageId: "m1",
  receiptHandle: "h1",
  body: ' {"a": 1}\n',
  attributes: {
    ApproximateReceiveCount: "12",
    ApproximateFirstReceiveTimestamp: "1778778000123",
    SentTimestamp: "1778777990000",
    SenderId: "AIDA",
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:offboard",
  awsRegion: "us-east-1",
};

it("a message that was sent anew tells when it first came, and one that tells nonsense does not", () => {
  const told = (stringValue: string) =>
    toQueueMessage({
      ...record,
      messageAttributes: { RollcallFirstReceivedAt: { dataType: "String", stringValue } },
    }).receivedAt;
  expect([told("2026-05-01T08:00:00.000Z"), told("soon")]).toEqual([
    Date.parse("2026-05-01T08:00:00.000Z"),
    Date.parse("2026-05-14T17:00:00.123Z"),
  ]);
});

it("a function's record becomes a message: its body as it came, its counts and times as numbers", () => {
  const message = toQueueMessage(record);
  expect(message).toEqual({
    messageId: "m1",
    receiptHandle: "h1",
    body: ' {"a": 1}\n',
    receiveCount: 12,
    receivedAt: Date.parse("2026-05-14T17:00:00.123Z"),
  });
});
