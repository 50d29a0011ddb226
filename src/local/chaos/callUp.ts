import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { parseJson } from "../../events/parseJson.ts";
import type { StartedInvocation } from "../lambda/startLambda.ts";
import type { Stack } from "../stack/stack.ts";

/** Keeps the long back-offs of a run short. */
export interface CallUp {
  onInvocation: (started: Pick<StartedInvocation, "payload" | "ended">) => void;
  /** Makes those visible who have been put off for longer than a run has patience. */
  callUp: (stack: Pick<Stack, "sqs" | "queueUrl">) => Promise<void>;
}

interface PutOff {
  queue: string;
  receiptHandle: string;
  since: number;
}

const batch = z.object({
  Records: z.array(z.object({ messageId: z.string(), receiptHandle: z.string(), eventSourceARN: z.string() })),
});
const answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/**
 * A message that failed a few times is put off for minutes. Quick motion: whatever a function has put off for longer
 * than `longestSeconds` is called up, by its receipt handle as anyone may. Messages of a killed worker are not: their
 * time is the queue's.
 */
export function callUpAfter(longestSeconds: number): CallUp {
  const waiting = new Map<string, PutOff>();
  return {
    onInvocation: async ({ payload, ended }) => {
      const { Records: records } = batch.safeParse(payload).data ?? { Records: [] };
      for (const { messageId } of records) waiting.delete(messageId);
      const invocation = await ended;
      const text = invocation.kind === "response" ? invocation.payload : "";
      const { batchItemFailures = [] } = answer.safeParse(parseJson(text)).data ?? {};
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const since = Date.now();
      for (const { messageId, receiptHandle, eventSourceARN } of records) {
        const queue = eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
        if (failed.has(messageId)) waiting.set(messageId, { queue, receiptHandle, since });
      }
    },
    callUp: async ({ sqs, queueUrl }) => {
      const before = Date.now() - longestSeconds * 1000;
      for (const [messageId, { queue, receiptHandle, since }] of waiting) {
        if (since > before) continue;
        waiting.delete(messageId);
        const change = { QueueUrl: queueUrl(queue), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
        // It may have come by itself meanwhile; then its receipt handle is out of date.
        await sqs.send(new ChangeMessageVisibilityCommand(change)).catch(() => undefined);
      }
    },
  };
}
