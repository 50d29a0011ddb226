import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { deadLetterAttributes } from "../../queue/deadLetter.ts";
import type { Stack } from "./stack.ts";

/** A message in a dead-letter queue, and why it lies there. */
export interface FoundDeadLetter {
  queue: string;
  /** The outcome's code; what EventBridge or SQS themselves moved there has a word of its own. */
  reason: string;
  body: string;
}

/** Reads all dead-letter queues. The messages stay there, hidden for an hour: for the end of a run. */
export async function readDeadLetters(stack: Stack): Promise<FoundDeadLetter[]> {
  const deadLetterArns = new Set(stack.model.queues.map(({ redrive }) => redrive?.deadLetterArn));
  const queues = stack.model.queues.filter(({ arn }) => deadLetterArns.has(arn));
  const found = await Promise.all(queues.map(({ name }) => readQueue(stack, name)));
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
    for (const { Body = "", MessageAttributes = {} } of Messages) {
      const undelivered = MessageAttributes.ERROR_CODE === undefined ? "ReceivedTooOften" : "Undelivered";
      letters.push({
        queue,
        body: Body,
        reason: MessageAttributes[deadLetterAttributes.code]?.StringValue ?? undelivered,
      });
    }
  }
}
