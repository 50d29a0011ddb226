import type { SQSRecord } from "aws-lambda";
import { maximumRequestBytes } from "../lambda/payloadLimits.ts";

/** A received message whose fate is not decided yet. */
export interface HeldMessage {
  record: SQSRecord;
  /** Of the record as JSON, UTF-8. */
  bytes: number;
  /** Milliseconds since the epoch; its visibility timeout and, for a batch's first one, the window run from here. */
  receivedAt: number;
}

export interface FilledBatch {
  batch: HeldMessage[];
  /** What the batch has no room for: the first messages of the next one. */
  carriedOver: HeldMessage[];
  /** Why no message can be added, or undefined while there is room. */
  fullBy: "size" | "bytes" | undefined;
  /** How many more messages to ask for, judged by the bytes of those in the batch. 0 when it is full. */
  room: number;
}

const envelopeBytes = Buffer.byteLength('{"Records":[]}');

/**
 * Takes messages in the order of their arrival until the batch has its size or the next one would carry the
 * event over Lambda's 6 MB. A message that is too large all by itself gets a batch of its own: Lambda refuses
 * the invocation, and the message goes the way of every message that fails.
 */
export function fillBatch(held: readonly HeldMessage[], batchSize: number): FilledBatch {
  let bytes = envelopeBytes;
  let count = 0;
  for (const message of held.slice(0, batchSize)) {
    const withNext = bytes + message.bytes + (count > 0 ? 1 : 0);
    if (count > 0 && withNext > maximumRequestBytes) break;
    bytes = withNext;
    count += 1;
  }
  const isCutByBytes = count < Math.min(held.length, batchSize) || bytes >= maximumRequestBytes;
  const fullBy = isCutByBytes ? "bytes" : count === batchSize ? "size" : undefined;
  const batch = held.slice(0, count);
  return {
    batch,
    carriedOver: held.slice(count),
    fullBy,
    room: fullBy ? 0 : roomLeft(batchSize, count, bytes),
  };
}

function roomLeft(batchSize: number, count: number, bytes: number): number {
  const averageBytes = bytes / Math.max(count, 1);
  return Math.min(batchSize - count, Math.ceil((maximumRequestBytes - bytes) / averageBytes));
}
