import { setTimeout as wait } from "node:timers/promises";
import type { SQSRecord } from "aws-lambda";
import { maximumRequestBytes } from "../lambda/invocation.ts";

/** ReceiveMessage returns 10 messages at most. */
const messagesPerReceive = 10;

/** Receives at once while the queue holds more: one alone spends its time waiting for answers. */
const receivesAtOnce = 8;

/**
 * AWS polls for 20 s. One second is as prompt, and leaves no poll behind at the server that would still take
 * messages long after a mapping was closed.
 */
const longPollSeconds = 1;

/** While less than a second of the window is left, which is the least that a long poll can wait. */
const shortPollMilliseconds = 100;

export interface ReceiveRequest {
  /** 1-10. */
  maximum: number;
  waitSeconds: number;
}

export interface Gathering {
  /** Never rejects; resolves to nothing once the mapping closes. */
  receive: (request: ReceiveRequest) => Promise<HeldMessage[]>;
  batchSize: number;
  windowSeconds: number;
  /** From the batch before: received, but it had no room for them. */
  carriedOver: readonly HeldMessage[];
  clock: Clock;
  closing: AbortSignal;
}

export interface GatheredBatch {
  batch: HeldMessage[];
  carriedOver: HeldMessage[];
  /** What ended the gathering. After `closing` nothing is handed on: the messages become visible again. */
  closedBy: "size" | "bytes" | "window" | "closing";
}

/**
 * Gathers one batch as a poller of Lambda does: the window opens with the first message and the batch goes
 * when it has its size, 6 MB or when the window ends, whichever is first. Without a window it takes what is
 * there.
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

/** Waits as long as it takes. Asks for one only: then a server that waits until it has all answers at once. */
async function firstMessage({ receive, closing }: Gathering): Promise<HeldMessage[]> {
  while (!closing.aborted) {
    const messages = await receive({ maximum: 1, waitSeconds: longPollSeconds });
    if (messages.length > 0) return messages;
  }
  return [];
}

/** The queue is drained: one long poll tells when there is more, instead of many short ones. */
async function probe({ clock, closing }: Gathering, leftMilliseconds: number): Promise<ReceiveRequest[]> {
  if (leftMilliseconds >= longPollSeconds * 1000) return [{ maximum: 1, waitSeconds: longPollSeconds }];
  await clock.sleep(Math.min(leftMilliseconds, shortPollMilliseconds), closing);
  return [{ maximum: 1, waitSeconds: 0 }];
}

/** Never asks for more than there is room for: what is received and not handed on loses its time. */
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

/** A received message whose fate is not decided yet. */
export interface HeldMessage {
  record: SQSRecord;
  /** Of the record as JSON, UTF-8. */
  bytes: number;
  /** Milliseconds since the epoch; its visibility timeout and, for a batch's first one, the window run from here. */
  receivedAt: number;
}

interface FilledBatch {
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

/** The time, so that a test of the batching window need not wait for it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the time, or at once when the signal aborts; never rejects. */
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
