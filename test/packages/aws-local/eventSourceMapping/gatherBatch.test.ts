import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fillBatch,
  type GatheredBatch,
  gatherBatch,
  type HeldMessage,
  type ReceiveRequest,
} from "../../../../packages/aws-local/eventSourceMapping/gatherBatch.ts";
import { toLambdaRecord } from "../../../../packages/aws-local/eventSourceMapping/receiveMessages.ts";
import { maximumRequestBytes } from "../../../../packages/aws-local/lambda/invocation.ts";
import { type Arrival, held, ScriptedQueue } from "./scriptedQueue.ts";

describe("gatherBatch", () => {
  const megabyte = 1024 * 1024;

  interface HandedOver {
    at: number;
    ids: string[];
    bytes: number;
    openedAt: number;
    closedBy: GatheredBatch["closedBy"];
  }

  /** Gathers batch after batch, as one poller does whose invocations take no time, until all were handed over. */
  async function drain(arrivals: Arrival[], limits: { batchSize: number; windowSeconds: number }) {
    const queue = new ScriptedQueue(arrivals);
    const batches: HandedOver[] = [];
    let carriedOver: HeldMessage[] = [];
    for (let left = arrivals.length; left > 0; ) {
      const { clock, receive } = queue;
      const gathered = await gatherBatch({
        receive,
        clock,
        closing: queue.closing.signal,
        carriedOver,
        ...limits,
      });
      carriedOver = gathered.carriedOver;
      left -= gathered.batch.length;
      batches.push({
        at: clock.now(),
        ids: gathered.batch.map(({ record }) => record.messageId),
        bytes: gathered.batch.reduce((sum, { bytes }) => sum + bytes + 1, 13),
        openedAt: gathered.batch[0]?.receivedAt ?? Number.NaN,
        closedBy: gathered.closedBy,
      });
    }
    return { batches, requests: queue.requests };
  }

  function arrivals(...times: number[]): Arrival[] {
    return times.map((at) => ({ at, bytes: 1000 }));
  }

  const summary = ({ at, ids, closedBy }: HandedOver) => ({ at, records: ids.length, closedBy });

  describe("a batch", () => {
    it("goes when its window ends, which runs from the first message and not from the last", async () => {
      const { batches } = await drain(arrivals(700, 1500, 4900, 5800), { batchSize: 100, windowSeconds: 5 });
      expect(batches.map(summary)).toEqual([
        { at: 5700, records: 3, closedBy: "window" },
        { at: 10_800, records: 1, closedBy: "window" },
      ]);
    });

    it("goes as soon as it has its size", async () => {
      const { batches } = await drain(arrivals(...Array<number>(25).fill(300)), {
        batchSize: 10,
        windowSeconds: 60,
      });
      expect(batches.map(summary)).toEqual([
        { at: 300, records: 10, closedBy: "size" },
        { at: 300, records: 10, closedBy: "size" },
        { at: 60_300, records: 5, closedBy: "window" },
      ]);
    });

    it("takes what is there and does not wait if it has no window", async () => {
      const { batches } = await drain(arrivals(100, 100, 100, 900), { batchSize: 10, windowSeconds: 0 });
      expect(batches.map(summary)).toEqual([
        { at: 100, records: 3, closedBy: "window" },
        { at: 900, records: 1, closedBy: "window" },
      ]);
    });

    it("stops before 6 MB; what has no room opens the next one, at the time at which it was received", async () => {
      const large = Array.from({ length: 8 }, () => ({ at: 1000, bytes: megabyte }));
      const { batches } = await drain(large, { batchSize: 100, windowSeconds: 10 });
      expect(batches.map(summary)).toEqual([
        { at: 1000, records: 5, closedBy: "bytes" },
        { at: 11_000, records: 3, closedBy: "window" },
      ]);
    });

    it("that opens with messages of different age has its window from the oldest", async () => {
      const { clock, receive, closing } = new ScriptedQueue([]);
      const carriedOver = [held("old", 1000, -3000), held("new", 1000, -1000)];
      const gathering = {
        receive,
        clock,
        closing: closing.signal,
        carriedOver,
        batchSize: 100,
        windowSeconds: 5,
      };
      const { batch, closedBy } = await gatherBatch(gathering);
      expect([batch.length, closedBy, clock.now()]).toEqual([2, "window", 2000]);
    });

    it("may be of one message that is too large: Lambda refuses it, and it is not in the way of others", async () => {
      const messages = [{ at: 0, bytes: 7 * megabyte }, ...arrivals(0, 0)];
      const { batches } = await drain(messages, { batchSize: 100, windowSeconds: 1 });
      expect(batches.map(summary)).toEqual([
        { at: 0, records: 1, closedBy: "bytes" },
        { at: 1000, records: 2, closedBy: "window" },
      ]);
    });

    it("is given up when the mapping closes, with what is in hand told", async () => {
      const queue = new ScriptedQueue(arrivals(0, 0));
      const receive = async (request: ReceiveRequest) => {
        const messages = await queue.receive(request);
        if (queue.requests.length > 2) queue.closing.abort();
        return messages;
      };
      const gathered = await gatherBatch({
        receive,
        clock: queue.clock,
        closing: queue.closing.signal,
        carriedOver: [],
        batchSize: 100,
        windowSeconds: 300,
      });
      expect([gathered.closedBy, gathered.batch.length]).toEqual(["closing", 2]);
    });

    it("asks for many at once while there are many, and for one, patiently, when the queue is drained", async () => {
      const { requests } = await drain(arrivals(...Array<number>(85).fill(0), 500), {
        batchSize: 1000,
        windowSeconds: 2,
      });
      const ten = { maximum: 10, waitSeconds: 0 };
      const patient = { maximum: 1, waitSeconds: 1 };
      const brief = { maximum: 1, waitSeconds: 0 };
      expect(requests.slice(0, 27)).toEqual([
        patient,
        ...Array(8).fill(ten),
        ...Array(8).fill(ten),
        patient,
        ...Array(8).fill(ten),
        patient,
      ]);
      expect(requests.slice(27)).toEqual(Array(5).fill(brief));
    });
  });

  describe("for any arrivals and any limits", () => {
    const anyArrivals = fc.array(
      fc.record({
        at: fc.nat(20_000),
        bytes: fc.oneof(fc.integer({ min: 300, max: 5000 }), fc.integer({ min: 300, max: megabyte })),
      }),
      { minLength: 1, maxLength: 60 },
    );
    const anyLimits = fc
      .record({ batchSize: fc.integer({ min: 1, max: 40 }), windowSeconds: fc.integer({ min: 0, max: 10 }) })
      .map(({ batchSize, windowSeconds }) => ({
        batchSize,
        windowSeconds: batchSize > 10 ? windowSeconds + 1 : windowSeconds,
      }));

    it("every message is handed over once, in order, in time, and in batches within their limits", async () => {
      await fc.assert(
        fc.asyncProperty(anyArrivals, anyLimits, async (messages, limits) => {
          const { batches, requests } = await drain(messages, limits);
          expect(batches.flatMap(({ ids }) => ids)).toEqual(messages.map((_, at) => String(at)));
          for (const { ids, bytes, at, openedAt, closedBy } of batches) {
            const isTooEarly = closedBy === "window" && at < openedAt + limits.windowSeconds * 1000;
            const isTooLate = at > openedAt + limits.windowSeconds * 1000;
            expect({
              isWithinSize: ids.length <= limits.batchSize,
              isFull: closedBy !== "size" || ids.length === limits.batchSize,
              isWithinBytes: bytes <= maximumRequestBytes,
              isTooEarly,
              isTooLate,
            }).toEqual({
              isWithinSize: true,
              isFull: true,
              isWithinBytes: true,
              isTooEarly: false,
              isTooLate: false,
            });
          }
          expect(requests.filter(({ maximum }) => maximum < 1 || maximum > 10)).toEqual([]);
        }),
      );
    });
  });
});

describe("fillBatch", () => {
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
});
