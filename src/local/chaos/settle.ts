import { setTimeout as sleep } from "node:timers/promises";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { readDepths } from "../stack/readDepths.ts";
import type { Stack } from "../stack/stack.ts";
import { waitUntilIdle } from "../stack/waitUntilIdle.ts";

export interface SettleOptions {
  limitSeconds: number;
  /** Called once a second: what is put off for long is called up. */
  callUp: (stack: Stack) => Promise<void>;
  onProgress: (text: string) => void;
  signal?: AbortSignal;
}

const roundSeconds = 1;

/**
 * Waits until every event has come to its end, those too that waited for their day. Gives back how many messages and
 * waiting decisions were left after `limitSeconds`: 0 as it should be.
 */
export async function settle(stack: Stack, options: SettleOptions): Promise<number> {
  const { limitSeconds, callUp, onProgress, signal } = options;
  const end = Date.now() + limitSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const left = (await isIdle(stack, options)) ? await countPending(stack) : await countAll(stack);
    if (left === 0 || Date.now() > end) return left;
    onProgress(`${left} messages and waiting decisions are left`);
    await callUp(stack);
    await sleep(roundSeconds * 1000);
  }
}

function isIdle(stack: Stack, { onProgress, signal }: SettleOptions): Promise<boolean> {
  const idle = waitUntilIdle(stack, {
    limitSeconds: roundSeconds,
    onWait: (waiting) =>
      onProgress(`draining: ${waiting.map(({ queue, messages }) => `${queue} ${messages}`).join(", ")}`),
    ...(signal && { signal }),
  });
  return idle.then(
    () => true,
    () => false,
  );
}

async function countAll(stack: Stack): Promise<number> {
  const depths = await readDepths(stack);
  return depths.reduce((sum, { messages }) => sum + messages, await countPending(stack));
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
