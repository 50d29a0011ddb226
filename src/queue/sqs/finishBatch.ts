import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Outcome, Rejected } from "../../provisioning/outcome.ts";
import { backOffSeconds, renewAnywayFromReceive, renewFromReceive } from "../backOff.ts";
import type { FinishedMessage, QueueMessage } from "../batchResponse.ts";
import { type DeadLetterSource, deadLetterAttributes } from "../deadLetter.ts";
import { changeVisibility, type VisibilityChange } from "./changeVisibility.ts";
import { inBatches } from "./inBatches.ts";
import { type DeadLetter, sendDeadLetters } from "./sendDeadLetters.ts";

export interface FinishContext {
  sqs: SQSClient;
  /** The source that each dead letter names in its attributes. */
  pipeline: DeadLetterSource;
  queueUrl: string;
  deadLetterQueueUrl: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  random: () => number;
}

/**
 * Finishes a batch's messages by their outcomes: sends the rejected ones to the dead-letter queue, and lets the ones to
 * retry wait for their back-off or sends a new copy of them. `finished` is what to report, in the batch's order.
 *
 * A message that the dead-letter queue did not accept becomes a retry. `errors` are those of SQS, one a failed call.
 */
export async function finishBatch(
  batch: readonly FinishedMessage[],
  { sqs, pipeline, queueUrl, deadLetterQueueUrl, now, random }: FinishContext,
): Promise<{ finished: FinishedMessage[]; errors: unknown[] }> {
  const deadLetters = batch.flatMap(({ message, outcome }): DeadLetter[] =>
    outcome.kind === "rejected" ? [{ message, rejected: outcome }] : [],
  );
  const dead = await sendDeadLetters(deadLetters, { sqs, url: deadLetterQueueUrl, pipeline, now });
  const unsent = new Map([...dead.failed].map(({ message, rejected }) => [message, retryUnsent(rejected)]));
  const moved = batch.map(({ message, outcome }) => ({ message, outcome: unsent.get(message) ?? outcome }));
  const retries = moved.flatMap(({ message, outcome }): RetriedMessage[] => {
    if (outcome.kind !== "retry") return [];
    const seconds = backOffSeconds(message.receiveCount, outcome, random);
    const renewal = outcome.renewEachTime ? "now" : outcome.receivesAreNumbered ? "never" : "late";
    return [{ message, seconds, renewal }];
  });
  const { renewed, errors } = await returnToQueue(retries, { sqs, url: queueUrl });
  const finished = moved.map(({ message, outcome }) => ({
    message,
    outcome:
      outcome.kind === "retry" && renewed.has(message) ? { ...outcome, renewed: true as const } : outcome,
  }));
  return { finished, errors: [...dead.errors, ...errors] };
}

const longestWaitForDeadLetterQueueSeconds = 60;

function retryUnsent({ code, reason }: Rejected): Outcome {
  return {
    kind: "retry",
    code: "DeadLetterNotSent",
    reason: `the dead-letter queue did not take it (${code}: ${reason})`,
    // The message's own outcome is final. How often it was received says nothing about the dead-letter queue's trouble.
    atMostSeconds: longestWaitForDeadLetterQueueSeconds,
  };
}

interface RetriedMessage extends VisibilityChange {
  message: QueueMessage;
  /** `never` where SQS's own limit of receives is to end it, `now` where the wait is to use up no receive. */
  renewal: "now" | "late" | "never";
}

/**
 * Returns messages to their queue. Each waits for its back-off; a message with too many receives is replaced by a new copy,
 * once its back-off is one that SQS grants to a new message. Only the `renewed` may be acknowledged.
 */
async function returnToQueue(
  messages: readonly RetriedMessage[],
  queue: { sqs: SQSClient; url: string },
): Promise<{ renewed: Set<QueueMessage>; errors: unknown[] }> {
  const due = messages.filter(isDueForRenewal);
  const copies = await sendCopies(due, queue);
  const sent = new Set(due.filter((entry) => !copies.failed.has(entry)));
  const waits = await changeVisibility(
    messages.filter((entry) => !sent.has(entry)),
    queue,
  );
  const renewed = new Set([...sent].map(({ message }) => message));
  return { renewed, errors: [...copies.errors, ...waits.errors] };
}

function isDueForRenewal({ message, seconds, renewal }: RetriedMessage): boolean {
  if (renewal !== "late") return renewal === "now";
  const from = seconds > longestDelaySeconds ? renewAnywayFromReceive : renewFromReceive;
  return message.receiveCount >= from;
}

/** The longest that SQS delays a new message. */
const longestDelaySeconds = 900;

/**
 * Sends copies of messages to their queue, whose receives count from zero; each carries when the original was first received.
 * The originals of those in `failed` must not be acknowledged. An original that comes again although its copy was sent is a
 * duplicate, which the ledger recognizes.
 */
async function sendCopies(
  messages: readonly RetriedMessage[],
  { sqs, url }: { sqs: SQSClient; url: string },
): Promise<{ failed: Set<RetriedMessage>; errors: unknown[] }> {
  return inBatches(
    messages,
    ({ message }) => Buffer.byteLength(message.body) + attributeBytes,
    (batch) =>
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ id, entry: { message, seconds } }) => ({
            Id: id,
            MessageBody: message.body,
            DelaySeconds: Math.min(longestDelaySeconds, seconds),
            MessageAttributes: {
              [deadLetterAttributes.firstReceivedAt]: {
                DataType: "String",
                StringValue: new Date(message.receivedAt).toISOString(),
              },
            },
          })),
        }),
      ),
  );
}

/** SQS counts the attribute's name, type and value. */
const attributeBytes = Buffer.byteLength(
  `${deadLetterAttributes.firstReceivedAt}String2026-05-14T17:00:00.000Z`,
);
