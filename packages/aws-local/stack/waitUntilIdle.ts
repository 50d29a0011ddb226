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
  /** How long nothing may change before the waiting fails; 300 by default. It is for hangs alone: work may take its time. */
  limitSeconds?: number;
  /** Ends the waiting; its reason is thrown. */
  signal?: AbortSignal;
  /**
   * Called a few times a second with the queues that still hold messages; with none while only the last invocations
   * run.
   */
  onWait?: (waiting: QueueDepth[]) => void;
}

const pollMilliseconds = 200;

/** Longer than the back-offs of the first few tries, and than the longest that one invocation may take. */
const longestStillnessSeconds = 300;

/**
 * Waits until everything that was published has ended: no event is on its way, no function is at work and no queue but
 * the dead-letter queues holds a message. Throws once nothing has moved for `limitSeconds`, saying what is still there.
 */
export async function waitUntilIdle(
  stack: MovingParts,
  { limitSeconds = longestStillnessSeconds, signal, onWait = () => undefined }: WaitOptions = {},
): Promise<void> {
  let last: Look | undefined;
  let movedAt = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    const seen = await look(stack);
    const { isIdle, waiting } = seen;
    if (isIdle) return;
    if (last !== undefined && !isDeepStrictEqual(seen, last)) movedAt = Date.now();
    last = seen;
    if (Date.now() - movedAt >= limitSeconds * 1000) {
      const rest = waiting.map(({ queue, messages }) => `${queue}: ${messages}`).join(", ");
      throw new Error(
        `Nothing has moved for ${limitSeconds} s, and not everything has ended (${rest || "a function is at work"}). The functions' logs say why.`,
      );
    }
    onWait(waiting);
    await sleep(pollMilliseconds);
  }
}

interface Look {
  isIdle: boolean;
  waiting: QueueDepth[];
  moved: ReturnType<typeof movement>;
}

/**
 * Checks whether the stack is idle. The queues cannot be read all at once, and a function may move a message into a
 * queue that was read already. So the stack is idle only if nothing has changed during the check.
 */
async function look(stack: MovingParts): Promise<Look> {
  await stack.scheduler.idle();
  await stack.bus.idle();
  const before = movement(stack);
  const waiting = (await readDepths(stack)).filter(({ messages }) => messages > 0);
  const after = movement(stack);
  const isStill = isDeepStrictEqual(before, after) && after.atWork === 0;
  return { isIdle: isStill && waiting.length === 0, waiting, moved: after };
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
