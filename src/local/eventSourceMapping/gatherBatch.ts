import type { Clock } from "./clock.ts";
import { type FilledBatch, fillBatch, type HeldMessage } from "./fillBatch.ts";

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
