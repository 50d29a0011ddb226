import { GetQueueAttributesCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { deadLetterQueues, sourceQueues } from "../cloudformation/stackModel.ts";
import type { Stack } from "./stack.ts";

/** The number of messages in a queue, whether or not they can be received at the moment. */
export interface QueueDepth {
  queue: string;
  messages: number;
}

/** Reads the depths of all queues except dead-letter queues. */
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
      // The first count includes messages in flight; see startSqs.
      const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesDelayed = 0 } = Attributes;
      return {
        queue,
        messages: Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesDelayed),
      };
    }),
  );
}

/** A message in a dead-letter queue, with all its attributes. */
export interface ReceivedDeadLetter {
  queue: string;
  message: Message;
}

/**
 * Receives all messages of all dead-letter queues. They stay there, but are invisible for an hour, so call this at the
 * end of a run.
 */
export async function receiveDeadLetters(
  stack: Pick<Stack, "model" | "sqs" | "queueUrl">,
): Promise<ReceivedDeadLetter[]> {
  const received = await Promise.all(
    deadLetterQueues(stack.model).map(({ name }) => receiveAll(stack, name)),
  );
  return received.flat();
}

async function receiveAll(
  { sqs, queueUrl }: Pick<Stack, "sqs" | "queueUrl">,
  queue: string,
): Promise<ReceivedDeadLetter[]> {
  const letters: ReceivedDeadLetter[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(queue),
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 3600,
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) return letters;
    letters.push(...Messages.map((message) => ({ queue, message })));
  }
}
