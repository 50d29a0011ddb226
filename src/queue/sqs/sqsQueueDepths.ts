import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueDepth, QueueDepths } from "../queueDepths.ts";
import { findQueues } from "./sqsDeadLetterQueue.ts";

/** The depths of a stack's queues, and of their dead-letter queues. Throws what the SDK throws. */
export function sqsQueueDepths(sqs: SQSClient, stackName: string): QueueDepths {
  const attributesOf = async (QueueUrl: string): Promise<Counts> => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
    );
    const [visible, inFlight, delayed] = names.map((name) => Number(Attributes[name] ?? 0));
    return { visible: visible ?? 0, inFlight: inFlight ?? 0, delayed: delayed ?? 0 };
  };
  return {
    async read() {
      const queues = await findQueues(sqs, stackName);
      return Promise.all(
        queues.map(async ({ pipeline, queueUrl, deadLetterQueueUrl }): Promise<QueueDepth> => {
          const [own, dead] = await Promise.all([attributesOf(queueUrl), attributesOf(deadLetterQueueUrl)]);
          return { pipeline, ...own, deadLetters: dead.visible + dead.inFlight };
        }),
      );
    },
  };
}

type Counts = Pick<QueueDepth, "visible" | "inFlight" | "delayed">;

const names = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const satisfies QueueAttributeName[];
