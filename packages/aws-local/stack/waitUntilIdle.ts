import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { EventBridgeServer } from "../eventbridge/eventBridgeServer.ts";
import type { Scheduler } from "../eventbridge/scheduler.ts";
import type { EventSourceMapping } from "../eventSourceMapping/eventSourceMapping.ts";
import type { Stack } from "./stack.ts";
import { type QueueDepth, readDepths } from "./stackQueues.ts";

/** The parts of a stack that show whether it is idle. */
export interface MovingParts extends Pick<Stack, "model" | "sqs" | "queueUrl"> {
  bus: Pick<EventBridgeServer, "idle" | "report">;
  scheduler: Pick<Scheduler, "idle">;
  mappings: readonly Pick<EventSourceMapping, "activity">[];
}

export interface WaitOptions {
  limitSeconds: number;
  /** Ends the waiting; its reason is thrown. */
  signal?: AbortSignal;
  /**
   * Called a few times a second with the queues that still hold messages; with none while only the last invocations
   * run.
   */
  onWait?: (waiting: QueueDepth[]) => void;
}

const pollMilliseconds = 200;

/**
 * Waits until every published event has been handled: none is being delivered, no function runs, and only dead-letter
 * queues hold messages. It throws after `limitSeconds`, with what is still left.
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
 * Checks whether the stack is idle. The queues cannot be read all at once, and a function may move a message into a
 * queue that was read already. So the stack is idle only if nothing has changed during the check.
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

/** Counts that change with every accepted event and every finished batch. */
function movement({ bus, mappings }: MovingParts) {
  const activities = mappings.map((mapping) => mapping.activity());
  return {
    accepted: bus.report().accepted,
    batches: activities.reduce((sum, { batches }) => sum + batches, 0),
    atWork: activities.reduce((sum, { invocationsRunning }) => sum + invocationsRunning, 0),
  };
}
