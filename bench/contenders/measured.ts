import type { Context, SQSEvent } from "aws-lambda";
import * as z from "zod";

/**
 * Wraps a handler so that its response has what the process used since the first invocation, without the loading: the CPU
 * time of all threads, and the largest resident size of the whole process.
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

/** The response of a function to an SQS batch. */
export const batchAnswer = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
});
