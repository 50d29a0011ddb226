import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Outcome, Rejected } from "../../provisioning/outcome.ts";
import { backOffSeconds, renewAnywayFromReceive, renewFromReceive } from "../backOff.ts";
import type { QueueMessage } from "../batchResponse.ts";
import { type DeadLetterSource, deadLetterAttributes } from "../deadLetter.ts";
import { changeVisibility, type VisibilityChange } from "./changeVisibility.ts";
import { inBatches } from "./inBatches.ts";
import { type DeadLetter, sendDeadLetters } from "./sendDeadLetters.ts";

export interface FinishContext {
  sqs: SQSClient;
  /** Who the letters are told to come from. */
  pipeline: DeadLetterSource;
  queueUrl: string;
  deadLetterQueueUrl: string;
  now: () => number;
  random: () => number;
}

/** A message, and what became of it. */
export interface FinishedMessage {
  message: QueueMessage;
  outcome: Outcome;
}

/**
 * Lets go of a batch's messages: the rejected go to the dead-letter queue, the ones to retry get their back-off, or a
 * fresh copy in the queue where that has been their lot too often. Gives back what to report, in the same order: a message that found no home in the dead-letter queue is a retry.
 */
export async function finishBatch(
  batch: readonly FinishedMessage[],
  { sqs, pipeline, queueUrl, deadLetterQueueUrl, now, random }: FinishContext,
): Promise<{ released: FinishedMessage[]; errors: unknown[] }> {
  const letters = batch.flatMap(({ message, outcome }): DeadLetter[] =>
    outcome.kind === "rejected" ? [{ message, rejected: outcome }] : [],
  );
  const dead = await sendDeadLetters(letters, { sqs, url: deadLetterQueueUrl, pipeline, now });
  const homeless = new Map([...dead.failed].map(({ message, rejected }) => [message, notMoved(rejected)]));
  const settled = batch.map(({ message, outcome }) => ({
    message,
    outcome: homeless.get(message) ?? outcome,
  }));
  const retries = settled.flatMap(({ message, outcome }): Returning[] => {
    if (outcome.kind !== "retry") return [];
    const seconds = backOffSeconds(message.receiveCount, outcome, random);
    return [{ message, seconds, mayBeRenewed: !outcome.receivesAreNumbered }];
  });
  const { renewed, errors } = await sendBack(retries, { sqs, url: queueUrl });
  const released = settled.map(({ message, outcome }) => ({
    message,
    outcome:
      outcome.kind === "retry" && renewed.has(message) ? { ...outcome, renewed: true as const } : outcome,
  }));
  return { released, errors: [...dead.errors, ...errors] };
}

const longestWaitForAHomeSeconds = 60;

function notMoved({ code, reason }: Rejected): Outcome {
  return {
    kind: "retry",
    code: "DeadLetterNotSent",
    reason: `the dead-letter queue did not take it (${code}: ${reason})`,
    // What became of it is known; the many receives that it may have had say nothing of the queue's trouble.
    atMostSeconds: longestWaitForAHomeSeconds,
  };
}

interface Returning extends Renewal {
  /** Otherwise SQS's own limit of receives ends it. */
  mayBeRenewed: boolean;
}

/**
 * Sends messages back to their queue: each waits out its back-off, and those that have been there too often stand in it
 * anew, once their back-off is one that SQS grants to a new message. Only the `renewed` may be acknowledged.
 */
async function sendBack(
  messages: readonly Returning[],
  queue: { sqs: SQSClient; url: string },
): Promise<{ renewed: Set<QueueMessage>; errors: unknown[] }> {
  const old = messages.filter(isOld);
  const anew = await renew(old, queue);
  const sent = new Set(old.filter((entry) => !anew.failed.has(entry)));
  const off = await changeVisibility(
    messages.filter((entry) => !sent.has(entry)),
    queue,
  );
  const renewed = new Set([...sent].map(({ message }) => message));
  return { renewed, errors: [...anew.errors, ...off.errors] };
}

function isOld({ message, seconds, mayBeRenewed }: Returning): boolean {
  const from = seconds > longestDelaySeconds ? renewAnywayFromReceive : renewFromReceive;
  return mayBeRenewed && message.receiveCount >= from;
}

/** A message to be sent anew, and how long it waits before. */
interface Renewal extends VisibilityChange {
  message: QueueMessage;
}

/** The longest that SQS holds a new message back. */
const longestDelaySeconds = 900;

/**
 * Sends messages to their queue anew, so that their receives count from zero; each tells when it was first received.
 * Those in `failed` did not get there, so theirs must not be acknowledged. One that is sent and comes again all the same
 * is a duplicate, which the ledger knows.
 */
async function renew<T extends Renewal>(
  messages: readonly T[],
  { sqs, url }: { sqs: SQSClient; url: string },
): Promise<{ failed: Set<T>; errors: unknown[] }> {
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

/** What the attribute's name, type and value count for. */
const attributeBytes = Buffer.byteLength(
  `${deadLetterAttributes.firstReceivedAt}String2026-05-14T17:00:00.000Z`,
);
