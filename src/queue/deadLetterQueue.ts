import type { DeadLetterSource } from "./deadLetter.ts";
import type { StoredDeadLetter } from "./storedDeadLetter.ts";

/** The port to one dead-letter queue and to the queue that its messages came from. Its methods throw what the service throws. */
export interface DeadLetterQueue {
  pipeline: DeadLetterSource;
  /** About how many messages another reader has, so that they cannot be received now. */
  countHidden(): Promise<number>;
  /** Receives up to ten dead letters, which are hidden from other readers for five minutes. None: the queue is empty. */
  receive(): Promise<StoredDeadLetter[]>;
  /** Makes received dead letters visible to other readers again. */
  putBack(letters: readonly StoredDeadLetter[]): Promise<Pick<BatchResult, "errors">>;
  delete(letters: readonly StoredDeadLetter[]): Promise<BatchResult>;
  /** Sends the bodies to the queue that they came from, without the attributes that say why they were rejected. */
  sendToOrigin(letters: readonly StoredDeadLetter[]): Promise<BatchResult>;
}

/** `failed`: those that the call did not do it for. `errors` says why, one a call. */
interface BatchResult {
  failed: Set<StoredDeadLetter>;
  errors: unknown[];
}

/** Receives with nothing new in them, after which the queue must be so full that the first letters are visible again. */
const fruitlessReceives = 5;

export interface ReceivedDeadLetters {
  /** Each dead letter once, even if SQS handed it out twice. */
  letters: readonly StoredDeadLetter[];
  /** About how many another reader had at the time, so that they could not be received. */
  hidden: number;
  /** `use` adds the dead letters that it deleted, so that they are not put back. */
  gone: Set<StoredDeadLetter>;
}

export type DeadLetterReading<T> =
  /** `errors`: why some dead letters could not be put back; they become visible by themselves within five minutes. */
  { kind: "used"; value: T; errors: unknown[] } | { kind: "interrupted"; errors: unknown[] };

/**
 * Receives all dead letters, passes them to `use`, and afterwards puts back those that are still there, whatever happens.
 * SQS knows no other way to look into a queue: a message that was received is hidden until it is made visible again.
 * An abort of `signal` ends it soon, and without `use` if the receiving was not over. Throws what the queues and `use` throw.
 */
export async function receiveDeadLetters<T>(
  queues: readonly DeadLetterQueue[],
  signal: AbortSignal,
  use: (received: ReceivedDeadLetters) => Promise<T>,
): Promise<DeadLetterReading<T>> {
  const readings = queues.map((queue) => ({ queue, letters: new Map<string, StoredDeadLetter>() }));
  const gone = new Set<StoredDeadLetter>();
  const errors: unknown[] = [];
  try {
    // Settled, not raced: none may still be receiving when the dead letters are put back.
    const results = await Promise.allSettled(
      readings.map(({ queue, letters }) => receiveAll(queue, letters, signal)),
    );
    const hidden = results.reduce((sum, result) => {
      if (result.status === "rejected") throw result.reason;
      return sum + result.value;
    }, 0);
    if (signal.aborted) return { kind: "interrupted", errors };
    const letters = readings.flatMap((reading) => [...reading.letters.values()]);
    return { kind: "used", value: await use({ letters, hidden, gone }), errors };
  } finally {
    for (const { queue, letters } of readings) {
      const left = [...letters.values()].filter((letter) => !gone.has(letter));
      errors.push(...(await queue.putBack(left)).errors);
    }
  }
}

/** Fills `letters` as they come, so that they are known even if a later receive fails. Returns the number of hidden ones. */
async function receiveAll(
  queue: DeadLetterQueue,
  letters: Map<string, StoredDeadLetter>,
  signal: AbortSignal,
): Promise<number> {
  const hidden = await queue.countHidden();
  let fruitless = 0;
  // A receive under way is not aborted: SQS could hide messages that nobody would put back.
  while (!signal.aborted && fruitless < fruitlessReceives) {
    const received = await queue.receive();
    const known = letters.size;
    // The newest receipt handle is the one that counts.
    for (const letter of received) letters.set(letter.messageId, letter);
    if (received.length === 0) break;
    fruitless = letters.size === known ? fruitless + 1 : 0;
  }
  return hidden;
}
