import { setTimeout as sleep } from "node:timers/promises";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { readDepths } from "../stack/readDepths.ts";
import type { Stack } from "../stack/stack.ts";
import { waitUntilIdle } from "../stack/waitUntilIdle.ts";

const pollMilliseconds = 500;

/**
 * Waits until every event has come to its end, those too that waited for their day. Gives back how many messages and
 * waiting decisions were left after `limitSeconds`: 0 as it should be.
 */
export async function settle(
  stack: Stack,
  limitSeconds: number,
  onProgress: (text: string) => void,
): Promise<number> {
  const end = Date.now() + limitSeconds * 1000;
  while (Date.now() < end) {
    const isIdle = await waitUntilIdle(stack, {
      limitSeconds: (end - Date.now()) / 1000,
      onWait: (waiting) =>
        onProgress(`draining: ${waiting.map(({ queue, messages }) => `${queue} ${messages}`).join(", ")}`),
    }).then(
      () => true,
      () => false,
    );
    const pending = await countPending(stack);
    if (isIdle && pending === 0) return 0;
    onProgress(`${pending} decisions wait for their moment`);
    await sleep(pollMilliseconds);
  }
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
