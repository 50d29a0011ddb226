import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Invocation } from "../lambda/invocation.ts";
import { deleteMessages } from "./deleteMessages.ts";
import type { HeldMessage } from "./fillBatch.ts";
import { interpretInvocation } from "./interpretInvocation.ts";
import type { Reason } from "./interpretResponse.ts";

/** The function behind a mapping; `startLambda` returns one. */
export interface InvokedFunction {
  readonly timeoutSeconds: number;
  invoke(payload: unknown): Promise<Invocation>;
}

/** What became of one batch. */
export interface BatchReport {
  invocation: Invocation;
  reason: Reason;
  /** Records; those of a batch are either deleted or left to be retried. */
  deleted: number;
  retried: number;
}

export interface HandOver {
  client: SQSClient;
  queueUrl: string;
  lambda: InvokedFunction;
  reportsBatchItemFailures: boolean;
  /** True once nobody waits for the batch any more: then nothing is deleted. */
  isAbandoned: () => boolean;
  onProblem: (problem: string) => void;
}

/**
 * Invokes the function with a batch and deletes what its response says is done. What is to be retried is
 * left alone: it becomes visible when its visibility timeout ends, or when the function itself said by
 * ChangeMessageVisibility.
 */
export async function handOver(batch: readonly HeldMessage[], target: HandOver): Promise<BatchReport> {
  const records = batch.map(({ record }) => record);
  const invocation = await invoke(target, { Records: records });
  const messageIds = records.map(({ messageId }) => messageId);
  const verdict = interpretInvocation(invocation, messageIds, target.reportsBatchItemFailures);
  const doomed = new Set(target.isAbandoned() ? [] : verdict.delete);
  const receiptHandles = records.flatMap(({ messageId, receiptHandle }) =>
    doomed.has(messageId) ? receiptHandle : [],
  );
  const undeleted = await deleteMessages({ ...target, receiptHandles });
  for (const { why } of undeleted) {
    target.onProblem(`A message of ${target.queueUrl} was not deleted and will be delivered again: ${why}`);
  }
  const deleted = receiptHandles.length - undeleted.length;
  return { invocation, reason: verdict.reason, deleted, retried: records.length - deleted };
}

async function invoke({ lambda, onProblem }: HandOver, event: object): Promise<Invocation> {
  try {
    return await lambda.invoke(event);
  } catch (error) {
    onProblem(`A batch could not be handed over and is left to be retried: ${error}`);
    return { kind: "error", errorType: "InvokeFailed", errorMessage: String(error) };
  }
}
