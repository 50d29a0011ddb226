import * as z from "zod";

/** What a function answers to an SQS batch. */
export const batchAnswer = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
});
