import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { toBatchItemResults, toQueueMessage } from "../../src/queue/batchResponse.ts";

describe("the report to Lambda", () => {
  const applied: Outcome = { kind: "applied", requestId: "r-1" };
  const excluded: Outcome = { kind: "excluded", rule: "by hand" };
  const retry: Outcome = { kind: "retry", code: "Throttled", reason: "slow down" };
  const rejected: Outcome = { kind: "rejected", code: "NotFound", reason: "gone" };

  it("fails the messages that are to come again, and no other", () => {
    const unchanged: Outcome = { kind: "unchanged", because: "alreadySo" };
    expect(toBatchItemResults([applied, retry, rejected, excluded, unchanged])).toEqual([
      { status: "fulfilled", value: applied },
      { status: "rejected", reason: retry },
      { status: "fulfilled", value: rejected },
      { status: "fulfilled", value: excluded },
      { status: "fulfilled", value: unchanged },
    ]);
  });
});

describe("a record of Lambda's batch", () => {
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

  it("takes the first receipt from the attribute of a copy that was sent to the queue again, unless it is no time", () => {
    const receivedAt = (stringValue: string) =>
      toQueueMessage({
        ...record,
        messageAttributes: { RollcallFirstReceivedAt: { dataType: "String", stringValue } },
      }).receivedAt;
    expect([receivedAt("2026-05-01T08:00:00.000Z"), receivedAt("soon")]).toEqual([
      Date.parse("2026-05-01T08:00:00.000Z"),
      Date.parse("2026-05-14T17:00:00.123Z"),
    ]);
  });

  it("becomes a message: its body as it came, its counts and times as numbers", () => {
    const message = toQueueMessage(record);
    expect(message).toEqual({
      messageId: "m1",
      receiptHandle: "h1",
      body: ' {"a": 1}\n',
      receiveCount: 12,
      receivedAt: Date.parse("2026-05-14T17:00:00.123Z"),
    });
  });
});
