import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { causeOfDeath } from "../../queue/causeOfDeath.ts";
import { deadLetterQueues } from "./deadLetterQueues.ts";
import type { Stack } from "./stack.ts";

/** A message in a dead-letter queue, and why it lies there. */
export interface FoundDeadLetter {
  queue: string;
  /** The outcome's code, or one of `movedByAws`. */
  reason: string;
  body: string;
}

/** Reads all dead-letter queues. The messages stay there, but hidden for an hour: this is for the end of a run. */
export async function readDeadLetters(stack: Stack): Promise<FoundDeadLetter[]> {
  const found = await Promise.all(deadLetterQueues(stack.model).map(({ name }) => readQueue(stack, name)));
  return found.flat();
}

async function readQueue({ sqs, queueUrl }: Stack, queue: string): Promise<FoundDeadLetter[]> {
  const letters: FoundDeadLetter[] = [];
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
    letters.push(
      ...Messages.map((message) => ({ queue, body: message.Body ?? "", reason: causeOfDeath(message).code })),
    );
  }
}
