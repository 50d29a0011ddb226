import { setTimeout as wait } from "node:timers/promises";
import type { SQSRecord } from "aws-lambda";
import { maximumRequestBytes } from "../lambda/invocation.ts";

/** ReceiveMessage returns 10 messages at most. */
const messagesPerReceive = 10;

/** How many receives run at once while the queue holds more: a single one would mostly wait for answers. */
const receivesAtOnce = 8;

/**
 * How long a poll waits. AWS waits 20 s; one second is as prompt and leaves no poll behind that would still take
 * messages after the mapping was closed.
 */
const longPollSeconds = 1;

/** The pause between polls while less than a second of the window is left, which is the shortest long poll. */
const shortPollMilliseconds = 100;

export interface ReceiveRequest {
  /** 1-10. */
  maximum: number;
  waitSeconds: number;
}

export interface Gathering {
  /** Never rejects. Resolves to an empty list once the mapping closes. */
  receive: (request: ReceiveRequest) => Promise<HeldMessage[]>;
  batchSize: number;
  windowSeconds: number;
  /** Messages that were received for the previous batch and did not fit. */
  carriedOver: readonly HeldMessage[];
  clock: Clock;
  closing: AbortSignal;
}

export interface GatheredBatch {
  batch: HeldMessage[];
  carriedOver: HeldMessage[];
  /**
   * Why the batch is complete. After `closing` the function is not invoked, and the messages become visible again.
   */
  closedBy: "size" | "bytes" | "window" | "closing";
}

/**
 * Gathers one batch as a poller of Lambda does. The window opens with the first message; the batch is complete at its
 * size, at 6 MB or at the end of the window. Without a window it takes the messages that are there.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 */
export async function gatherBatch(gathering: Gathering): Promise<GatheredBatch> {
  const { batchSize, windowSeconds, clock, closing } = gathering;
  let held: HeldMessage[] =
    gathering.carriedOver.length > 0 ? [...gathering.carriedOver] : await firstMessage(gathering);
  const windowEnds = (held[0]?.receivedAt ?? 0) + windowSeconds * 1000;
  let isDrained = false;
  for (let rounds = 0; ; rounds += 1) {
    const filled = fillBatch(held, batchSize);
    const leftMilliseconds = windowEnds - clock.now();
    const closedBy = reasonToClose(filled, closing, rounds > 0 && leftMilliseconds <= 0);
    if (closedBy) return { batch: filled.batch, carriedOver: filled.carriedOver, closedBy };
    const requests: ReceiveRequest[] = isDrained
      ? await probe(gathering, leftMilliseconds)
      : receiveSizes(filled.room);
    const arrived = (await Promise.all(requests.map(gathering.receive))).flat();
    isDrained = arrived.length < sum(requests.map(({ maximum }) => maximum));
    held = [...held, ...arrived];
  }
}

function reasonToClose(filled: FilledBatch, closing: AbortSignal, isWindowOver: boolean) {
  if (closing.aborted) return "closing";
  return filled.fullBy ?? (isWindowOver ? "window" : undefined);
}

/**
 * Waits for the first message without a limit. It asks for one only, because a server that waits for more would
 * answer later.
 */
async function firstMessage({ receive, closing }: Gathering): Promise<HeldMessage[]> {
  while (!closing.aborted) {
    const messages = await receive({ maximum: 1, waitSeconds: longPollSeconds });
    if (messages.length > 0) return messages;
  }
  return [];
}

/** Waits for more once the queue is empty: one long poll replaces many short ones. */
async function probe({ clock, closing }: Gathering, leftMilliseconds: number): Promise<ReceiveRequest[]> {
  if (leftMilliseconds >= longPollSeconds * 1000) return [{ maximum: 1, waitSeconds: longPollSeconds }];
  await clock.sleep(Math.min(leftMilliseconds, shortPollMilliseconds), closing);
  return [{ maximum: 1, waitSeconds: 0 }];
}

/** Sizes the next receives. They never ask for more than fits: a message that waits loses its visibility time. */
function receiveSizes(room: number): ReceiveRequest[] {
  const receives = Math.min(receivesAtOnce, Math.ceil(room / messagesPerReceive));
  return Array.from({ length: receives }, (_, at) => ({
    maximum: Math.min(messagesPerReceive, room - at * messagesPerReceive),
    waitSeconds: 0,
  }));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A received message that is not yet deleted or left. */
export interface HeldMessage {
  record: SQSRecord;
  /** The size of the record as JSON in UTF-8. */
  bytes: number;
  /** Milliseconds since the epoch. The visibility timeout and, for a batch's first message, the window start here. */
  receivedAt: number;
}

interface FilledBatch {
  batch: HeldMessage[];
  /** Messages that do not fit; they are the first ones of the next batch. */
  carriedOver: HeldMessage[];
  /** Why the batch is full; undefined while it has room. */
  fullBy: "size" | "bytes" | undefined;
  /** How many more messages to ask for, estimated from the average size. 0 when the batch is full. */
  room: number;
}

const envelopeBytes = Buffer.byteLength('{"Records":[]}');

/**
 * Takes messages in the order of arrival until the batch has its size or the next one would exceed Lambda's 6 MB. A
 * message that is too large by itself gets its own batch: Lambda refuses the invocation, and the message fails like
 * any other.
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

/** The clock of a mapping, which a test of the batching window can replace. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the time, or when the signal aborts. Never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  },
};
