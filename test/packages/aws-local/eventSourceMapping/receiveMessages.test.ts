import { expect, it } from "vitest";
import { toLambdaRecord } from "../../../../packages/aws-local/eventSourceMapping/receiveMessages.ts";

const arn = "arn:aws:sqs:eu-west-1:123456789012:offboard";
const message = {
  MessageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
  ReceiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
  Body: "Hello from SQS!",
  MD5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
  Attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "1545082649183",
    SenderId: "AIDAIENQZJOLO23YVJ4VO",
    ApproximateFirstReceiveTimestamp: "1545082649185",
  },
};

it("gives a message the shape and the keys of Lambda's own record", () => {
  expect(toLambdaRecord(message, arn)).toEqual({
    messageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
    body: "Hello from SQS!",
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1545082649183",
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: "1545082649185",
    },
    messageAttributes: {},
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: arn,
    awsRegion: "eu-west-1",
  });
});

it("spells message attributes as Lambda does and keeps further system attributes", () => {
  const { messageAttributes, attributes, md5OfMessageAttributes } = toLambdaRecord(
    {
      ...message,
      Attributes: { ...message.Attributes, AWSTraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793" },
      MD5OfMessageAttributes: "00484c68d2e3a5a0e1b1e1d9c5f2f6a1",
      MessageAttributes: {
        pipeline: { DataType: "String", StringValue: "offboard" },
        attempt: { DataType: "Number.int", StringValue: "3" },
        token: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255, 16]) },
      },
    },
    arn,
  );
  const lists = { stringListValues: [], binaryListValues: [] };
  expect({ messageAttributes, trace: attributes.AWSTraceHeader, md5OfMessageAttributes }).toEqual({
    messageAttributes: {
      pipeline: { stringValue: "offboard", ...lists, dataType: "String" },
      attempt: { stringValue: "3", ...lists, dataType: "Number.int" },
      token: { binaryValue: "AP8Q", ...lists, dataType: "Binary" },
    },
    trace: "Root=1-5759e988-bd862e3fe1be46a994272793",
    md5OfMessageAttributes: "00484c68d2e3a5a0e1b1e1d9c5f2f6a1",
  });
});

it("refuses a message that was received without its system attributes", () => {
  const { Attributes, ...bare } = message;
  expect(() => toLambdaRecord(bare, arn)).toThrow('Ask ReceiveMessage for AttributeNames ["All"]');
});
