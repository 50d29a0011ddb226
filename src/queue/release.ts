import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Outcome, Rejected } from "../drain/outcome.ts";
import { backOffSeconds } from "./backOff.ts";
import { type DeadLetter, sendDeadLetters } from "./deadLetter.ts";
import type { LetterSource } from "./letterSource.ts";
import type { QueueMessage } from "./queueMessage.ts";
import { type Returning, sendBack } from "./sendBack.ts";

export interface ReleaseContext {
  sqs: SQSClient;
  /** Who the letters are told to come from. */
  pipeline: LetterSource;
  queueUrl: string;
  deadLetterQueueUrl: string;
  now: () => number;
  random: () => number;
}

/** A message, and what became of it. */
export interface Settled {
  message: QueueMessage;
  outcome: Outcome;
}

/**
 * Lets go of a batch's messages: the rejected go to the dead-letter queue, the ones to retry get their back-off, or a
 * fresh copy in the queue where that has been their lot too often. Gives back what to report, in the same order: a message that found no home in the dead-letter queue is a retry.
 */
export async function release(
  batch: readonly Settled[],
  { sqs, pipeline, queueUrl, deadLetterQueueUrl, now, random }: ReleaseContext,
): Promise<{ released: Settled[]; errors: unknown[] }> {
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
