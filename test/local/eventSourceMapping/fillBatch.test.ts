import { describe, expect, it } from "vitest";
import { fillBatch, type HeldMessage } from "../../../src/local/eventSourceMapping/fillBatch.ts";
import { toLambdaRecord } from "../../../src/local/eventSourceMapping/toLambdaRecord.ts";
import { maximumRequestBytes } from "../../../src/local/lambda/payloadLimits.ts";

function message(body: string): HeldMessage {
  const record = toLambdaRecord(
    {
      MessageId: "id",
      ReceiptHandle: "handle",
      Body: body,
      MD5OfBody: "",
      Attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "0",
        SenderId: "",
        ApproximateFirstReceiveTimestamp: "0",
      },
    },
    "arn:aws:sqs:us-east-1:123456789012:queue",
  );
  return { record, bytes: Buffer.byteLength(JSON.stringify(record)), receivedAt: 0 };
}

function eventBytes(held: HeldMessage[]): number {
  return Buffer.byteLength(JSON.stringify({ Records: held.map(({ record }) => record) }));
}

/** Three messages whose event has exactly so many bytes. */
function threeOf(bytes: number): HeldMessage[] {
  const first = [message("ä"), message('"')];
  return [...first, message("x".repeat(bytes - eventBytes([...first, message("")])))];
}

describe("fillBatch", () => {
  it("fills the event to the last byte of 6 MB, and not one byte further", () => {
    const fitting = fillBatch(threeOf(maximumRequestBytes), 10);
    const over = fillBatch(threeOf(maximumRequestBytes + 1), 10);
    expect([eventBytes(fitting.batch), fitting.batch.length, fitting.fullBy]).toEqual([
      maximumRequestBytes,
      3,
      "bytes",
    ]);
    expect([over.batch.length, over.carriedOver.length, over.fullBy]).toEqual([2, 1, "bytes"]);
  });

  it("asks for no more than the batch has room for, in messages and in bytes", () => {
    const small = fillBatch([message("a"), message("b")], 10);
    const large = fillBatch([message("x".repeat(1_000_000)), message("x".repeat(1_000_000))], 10);
    expect([small.room, small.fullBy, large.room, large.fullBy]).toEqual([8, undefined, 5, undefined]);
  });
});
