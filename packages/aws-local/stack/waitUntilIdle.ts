import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { EventBridgeServer } from "../eventbridge/eventBridgeServer.ts";
import type { Scheduler } from "../eventbridge/scheduler.ts";
import type { EventSourceMapping } from "../eventSourceMapping/eventSourceMapping.ts";
import type { Stack } from "./stack.ts";
import { type QueueDepth, readDepths } from "./stackQueues.ts";

/** The parts of a stack that tell whether anything moves. */
export interface MovingParts extends Pick<Stack, "model" | "sqs" | "queueUrl"> {
  bus: Pick<EventBridgeServer, "idle" | "report">;
  scheduler: Pick<Scheduler, "idle">;
  mappings: readonly Pick<EventSourceMapping, "activity">[];
}

export interface WaitOptions {
  limitSeconds: number;
  /** Ends the waiting: its reason is thrown. */
  signal?: AbortSignal;
  /** Told, a few times a second, which queues still hold messages; of none while only the last answers are awaited. */
  onWait?: (waiting: QueueDepth[]) => void;
}

const pollMilliseconds = 200;

/**
 * Waits until everything that was published has ended: no event is on its way, no function is at work and no queue but
 * the dead-letter queues holds a message. Throws after `limitSeconds`, saying what is still there.
 */
export async function waitUntilIdle(
  stack: MovingParts,
  { limitSeconds, signal, onWait = () => undefined }: WaitOptions,
): Promise<void> {
  const end = Date.now() + limitSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const { isIdle, waiting } = await look(stack);
    if (isIdle) return;
    if (Date.now() > end) {
      const rest = waiting.map(({ queue, messages }) => `${queue}: ${messages}`).join(", ");
      throw new Error(
        `After ${limitSeconds} s not everything had ended (${rest || "a function was at work"}). The functions' logs say why.`,
      );
    }
    onWait(waiting);
    await sleep(pollMilliseconds);
  }
}

/**
 * The queues cannot be read all at once: a function may move a message from one that is still to be read to one that
 * was read already. So they are idle only if nothing has moved meanwhile.
 */
async function look(stack: MovingParts): Promise<{ isIdle: boolean; waiting: QueueDepth[] }> {
  await stack.scheduler.idle();
  await stack.bus.idle();
  const before = movement(stack);
  const waiting = (await readDepths(stack)).filter(({ messages }) => messages > 0);
  const after = movement(stack);
  const isStill = isDeepStrictEqual(before, after) && after.atWork === 0;
  return { isIdle: isStill && waiting.length === 0, waiting };
}

/** What changes with every event that is taken in and every batch that is done. */
function movement({ bus, mappings }: MovingParts) {
  const activities = mappings.map((mapping) => mapping.activity());
  return {
    accepted: bus.report().accepted,
    batches: activities.reduce((sum, { batches }) => sum + batches, 0),
    atWork: activities.reduce((sum, { invocationsRunning }) => sum + invocationsRunning, 0),
  };
}
