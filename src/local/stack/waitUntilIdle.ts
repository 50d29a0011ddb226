import { setTimeout as sleep } from "node:timers/promises";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Stack } from "./stack.ts";

/** How many messages a queue holds, whether they can be received at the moment or not. */
export interface QueueDepth {
  queue: string;
  messages: number;
}

const pollMilliseconds = 200;

/**
 * Waits until everything that was published has ended: no event is on its way and no queue but the dead-letter queues
 * holds a message. `onWait` is told what is still there. Throws after `limitSeconds`, saying the same.
 */
export async function waitUntilIdle(
  stack: Stack,
  limitSeconds: number,
  onWait: (waiting: QueueDepth[]) => void = () => undefined,
): Promise<void> {
  const deadLetterArns = new Set(stack.model.queues.map(({ redrive }) => redrive?.deadLetterArn));
  const names = stack.model.queues.filter(({ arn }) => !deadLetterArns.has(arn)).map(({ name }) => name);
  const end = Date.now() + limitSeconds * 1000;
  for (;;) {
    await stack.bus.idle();
    const waiting = (await readDepths(stack, names)).filter(({ messages }) => messages > 0);
    if (waiting.length === 0) return;
    if (Date.now() > end) {
      const rest = waiting.map(({ queue, messages }) => `${queue}: ${messages}`).join(", ");
      throw new Error(`After ${limitSeconds} s the queues were not empty (${rest}).`);
    }
    onWait(waiting);
    await sleep(pollMilliseconds);
  }
}

function readDepths({ sqs, queueUrl }: Stack, names: readonly string[]): Promise<QueueDepth[]> {
  return Promise.all(
    names.map(async (queue) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl(queue), AttributeNames: ["All"] }),
      );
      const {
        ApproximateNumberOfMessages,
        ApproximateNumberOfMessagesNotVisible,
        ApproximateNumberOfMessagesDelayed,
      } = Attributes;
      const counts = [
        ApproximateNumberOfMessages,
        ApproximateNumberOfMessagesNotVisible,
        ApproximateNumberOfMessagesDelayed,
      ];
      return { queue, messages: counts.reduce((sum, count) => sum + Number(count ?? 0), 0) };
    }),
  );
}
