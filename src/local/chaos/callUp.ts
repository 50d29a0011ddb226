import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { parseJson } from "../../events/parseJson.ts";
import type { StartedInvocation } from "../lambda/startLambda.ts";
import type { Stack } from "../stack/stack.ts";

/** Keeps the long back-offs of a run short. */
export interface CallUp {
  onInvocation: (started: Pick<StartedInvocation, "payload" | "ended">) => void;
  /** Makes those visible who have been put off for longer than a run has patience. Never rejects. */
  callUp: (stack: Pick<Stack, "sqs" | "queueUrl">) => Promise<void>;
}

interface PutOff {
  queue: string;
  receiptHandle: string;
  since: number;
}

const batch = z.object({
  Records: z.array(
    z.object({ messageId: z.string(), receiptHandle: z.string(), eventSourceARN: z.string() }),
  ),
});
type Batch = z.output<typeof batch>["Records"];

const answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/**
 * A message that has failed a few times is put off for minutes. In quick motion, whatever a function has put off for
 * longer than `longestSeconds` is called up by its receipt handle, which SQS lets anyone do who has it. The messages of a
 * killed worker are not: they come when their queue's own time is over.
 */
export function callUpAfter(longestSeconds: number, now: () => number = Date.now): CallUp {
  const waiting = new Map<string, PutOff>();
  const note = async (records: Batch, ended: StartedInvocation["ended"]) => {
    const failed = await failuresOf(ended);
    for (const { messageId, receiptHandle, eventSourceARN } of records) {
      const queue = eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
      if (failed.has(messageId)) waiting.set(messageId, { queue, receiptHandle, since: now() });
    }
  };
  return {
    onInvocation: ({ payload, ended }) => {
      const { Records: records } = batch.safeParse(payload).data ?? { Records: [] };
      for (const { messageId } of records) waiting.delete(messageId);
      void note(records, ended);
    },
    callUp: async ({ sqs, queueUrl }) => {
      const before = now() - longestSeconds * 1000;
      for (const [messageId, { queue, receiptHandle, since }] of waiting) {
        if (since > before) continue;
        waiting.delete(messageId);
        const change = { QueueUrl: queueUrl(queue), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
        // Without avail if it has come by itself meanwhile, or if a fault has it so: then it comes when it comes.
        await sqs.send(new ChangeMessageVisibilityCommand(change)).catch(() => undefined);
      }
    },
  };
}

async function failuresOf(ended: StartedInvocation["ended"]): Promise<Set<string>> {
  const invocation = await ended;
  const text = invocation.kind === "response" ? invocation.payload : "";
  const { batchItemFailures = [] } = answer.safeParse(parseJson(text)).data ?? {};
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}
