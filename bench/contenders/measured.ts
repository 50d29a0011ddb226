import type { Context, SQSEvent } from "aws-lambda";
import * as z from "zod";

/**
 * A handler that adds to its answer what its process has used since its first invocation, loading left out: CPU time
 * of all threads, and the largest resident size of the whole process.
 */
export function measured(handler: (event: SQSEvent, context: Context) => Promise<unknown>) {
  let before: NodeJS.CpuUsage | undefined;
  return async (event: SQSEvent, context: Context) => {
    before ??= process.cpuUsage();
    const answer = await handler(event, context);
    const { user, system } = process.cpuUsage(before);
    return {
      answer,
      cpuMilliseconds: (user + system) / 1000,
      peakMemoryMegabytes: process.resourceUsage().maxRSS / 1024,
    };
  };
}

/** What a function answers to an SQS batch. */
export const batchAnswer = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
});
