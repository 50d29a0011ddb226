import { setTimeout as pause } from "node:timers/promises";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { readDepths } from "../stack/readDepths.ts";
import type { Stack } from "../stack/stack.ts";
import { waitUntilIdle } from "../stack/waitUntilIdle.ts";

export interface SettleOptions {
  limitSeconds: number;
  onProgress: (text: string) => void;
  /** Ends the waiting: its reason is thrown. */
  signal: AbortSignal;
}

const pollMilliseconds = 500;

/**
 * Waits until every event has come to its end, those too that waited for their day. Gives back how many messages and
 * waiting decisions were left after `limitSeconds`: 0 as it should be.
 */
export async function settle(
  stack: Stack,
  { limitSeconds, onProgress, signal }: SettleOptions,
): Promise<number> {
  const timeUp = AbortSignal.timeout(limitSeconds * 1000);
  const either = AbortSignal.any([signal, timeUp]);
  try {
    for (;;) {
      await waitUntilIdle(stack, {
        limitSeconds: Number.POSITIVE_INFINITY,
        signal: either,
        onWait: (waiting) =>
          onProgress(`draining: ${waiting.map(({ queue, messages }) => `${queue} ${messages}`).join(", ")}`),
      });
      const pending = await countPending(stack);
      if (pending === 0) return 0;
      onProgress(`${pending} decisions wait for their moment`);
      await pause(pollMilliseconds, undefined, { signal: either });
    }
  } catch (error) {
    if (signal.aborted || !timeUp.aborted) throw error;
    const depths = await readDepths(stack);
    return depths.reduce((sum, { messages }) => sum + messages, await countPending(stack));
  }
}

async function countPending({ dynamo, model }: Stack): Promise<number> {
  let count = 0;
  for (const { name: TableName } of model.tables) {
    const { Count = 0 } = await dynamo.client.send(
      new ScanCommand({ TableName, IndexName: "due", Select: "COUNT" }),
    );
    count += Count;
  }
  return count;
}
