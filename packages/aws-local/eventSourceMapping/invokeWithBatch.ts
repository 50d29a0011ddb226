import { setTimeout as wait } from "node:timers/promises";
import { DeleteMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import pMap from "p-map";
import type { Invocation } from "../lambda/invocation.ts";
import type { HeldMessage } from "./gatherBatch.ts";
import { interpretInvocation, type Reason } from "./interpretInvocation.ts";

/** The function that a mapping invokes; `startLambda` returns one. */
export interface InvokedFunction {
  readonly timeoutSeconds: number;
  invoke(payload: unknown): Promise<Invocation>;
}

/** The result of one batch. */
export interface BatchReport {
  invocation: Invocation;
  reason: Reason;
  /** Counts of records. Each record of a batch is either deleted or left to be retried. */
  deleted: number;
  retried: number;
}

export interface InvocationTarget {
  client: SQSClient;
  queueUrl: string;
  lambda: InvokedFunction;
  reportsBatchItemFailures: boolean;
  /** True once nobody waits for the batch any more; then nothing is deleted. */
  isAbandoned: () => boolean;
  onProblem: (problem: string) => void;
}

/**
 * Invokes the function with a batch and deletes the messages that its response reports as done. The others are left:
 * they become visible again after the visibility timeout, or when the function said by ChangeMessageVisibility.
 */
export async function invokeWithBatch(
  batch: readonly HeldMessage[],
  target: InvocationTarget,
): Promise<BatchReport> {
  const records = batch.map(({ record }) => record);
  const invocation = await invoke(target, { Records: records });
  const messageIds = records.map(({ messageId }) => messageId);
  const decision = interpretInvocation(invocation, messageIds, target.reportsBatchItemFailures);
  const toDelete = new Set(target.isAbandoned() ? [] : decision.delete);
  const receiptHandles = records.flatMap(({ messageId, receiptHandle }) =>
    toDelete.has(messageId) ? receiptHandle : [],
  );
  const undeleted = await deleteMessages({ ...target, receiptHandles });
  for (const { why } of undeleted) {
    target.onProblem(`A message of ${target.queueUrl} was not deleted and will be delivered again: ${why}`);
  }
  const deleted = receiptHandles.length - undeleted.length;
  return { invocation, reason: decision.reason, deleted, retried: records.length - deleted };
}

async function invoke({ lambda, onProblem }: InvocationTarget, event: object): Promise<Invocation> {
  try {
    return await lambda.invoke(event);
  } catch (error) {
    onProblem(`A batch could not be handed over and is left to be retried: ${error}`);
    return { kind: "error", errorType: "InvokeFailed", errorMessage: String(error) };
  }
}

const entriesPerCall = 10;
const callsAtOnce = 8;
const attempts = 4;

export interface Deletion {
  client: SQSClient;
  queueUrl: string;
  receiptHandles: readonly string[];
}

/** A message that could not be deleted and will be delivered again. */
export interface Undeleted {
  receiptHandle: string;
  why: string;
}

/**
 * Deletes messages, ten per call. A 200 may list entries that failed; those are retried a few times.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html
 */
export async function deleteMessages({ client, queueUrl, receiptHandles }: Deletion): Promise<Undeleted[]> {
  let left: Undeleted[] = receiptHandles.map((receiptHandle) => ({ receiptHandle, why: "" }));
  for (let attempt = 1; attempt <= attempts && left.length > 0; attempt += 1) {
    if (attempt > 1) await wait(50 * 2 ** attempt);
    const failed = await pMap(inTens(left), (entries) => deleteTen(client, queueUrl, entries), {
      concurrency: callsAtOnce,
    });
    left = failed.flat();
  }
  return left;
}

async function deleteTen(client: SQSClient, queueUrl: string, entries: Undeleted[]): Promise<Undeleted[]> {
  try {
    const { Failed = [] } = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        // The id is the position and not the message id: a batch may hold one message twice, and ids must be
        // distinct.
        Entries: entries.map(({ receiptHandle }, at) => ({ Id: String(at), ReceiptHandle: receiptHandle })),
      }),
    );
    const why = new Map(Failed.map(({ Id, Code, Message }) => [Id, `${Code}: ${Message ?? ""}`]));
    return entries.flatMap(({ receiptHandle }, at) => {
      const reason = why.get(String(at));
      return reason === undefined ? [] : [{ receiptHandle, why: reason }];
    });
  } catch (error) {
    return entries.map(({ receiptHandle }) => ({ receiptHandle, why: String(error) }));
  }
}

function inTens<T>(entries: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(entries.length / entriesPerCall) }, (_, at) =>
    entries.slice(at * entriesPerCall, (at + 1) * entriesPerCall),
  );
}
