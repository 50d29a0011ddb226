import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { sourceQueues } from "./deadLetterQueues.ts";
import type { Stack } from "./stack.ts";

/** How many messages a queue holds, whether they can be received at the moment or not. */
export interface QueueDepth {
  queue: string;
  messages: number;
}

/** All queues but the dead-letter queues. */
export function readDepths({
  model,
  sqs,
  queueUrl,
}: Pick<Stack, "model" | "sqs" | "queueUrl">): Promise<QueueDepth[]> {
  return Promise.all(
    sourceQueues(model).map(async ({ name: queue }) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl(queue), AttributeNames: ["All"] }),
      );
      // The first holds those in flight as well; see startSqs.
      const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesDelayed = 0 } = Attributes;
      return {
        queue,
        messages: Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesDelayed),
      };
    }),
  );
}
