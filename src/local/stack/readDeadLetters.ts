import { type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { deadLetterAttributes } from "../../queue/deadLetter.ts";
import { deadLetterQueues } from "./deadLetterQueues.ts";
import type { Stack } from "./stack.ts";

/** A message in a dead-letter queue, and why it lies there. */
export interface FoundDeadLetter {
  queue: string;
  /** The outcome's code, or one of `movedByAws`. */
  reason: string;
  body: string;
}

/** The reasons of dead letters that no function has sent. */
export const movedByAws = {
  /** EventBridge could not bring the event to its queue. */
  undelivered: "Undelivered",
  /** SQS has handed it out as often as the redrive policy allows. */
  receivedTooOften: "ReceivedTooOften",
} as const;

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
      ...Messages.map((message) => ({ queue, body: message.Body ?? "", reason: reasonOf(message) })),
    );
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html names the attributes of EventBridge. */
function reasonOf({ MessageAttributes = {} }: Message): string {
  const code = MessageAttributes[deadLetterAttributes.code]?.StringValue;
  if (code !== undefined) return code;
  return MessageAttributes.ERROR_CODE === undefined ? movedByAws.receivedTooOften : movedByAws.undelivered;
}
