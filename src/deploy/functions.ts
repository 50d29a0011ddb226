import type { Intent, Pipeline } from "../pipelines.ts";
import { arnOf, ref, type Value } from "./cloudFormation.ts";
import { pipelineIds, tableId } from "./names.ts";
import { observedEnvironment } from "./observedEnvironment.ts";

/** One pipeline's function, in the serverless command's words. All four run the same code. */
export function drainFunction(name: Intent, pipeline: Pipeline): { [key: string]: Value } {
  const ids = pipelineIds(name);
  return {
    handler: "src/functions/drain.handler",
    description: `Drains the ${name} queue into batch calls of the directory`,
    role: ids.role,
    timeout: pipeline.timeoutSeconds,
    memorySize: pipeline.memoryMegabytes,
    environment: {
      ...observedEnvironment,
      PIPELINE: name,
      QUEUE_URL: ref(ids.queue),
      DEAD_LETTER_QUEUE_URL: ref(ids.deadLetterQueue),
      TABLE_NAME: ref(tableId),
      POLICY_FILE: "policy.yml",
    },
    events: [
      {
        sqs: {
          arn: arnOf(ids.queue),
          batchSize: pipeline.batchSize,
          maximumBatchingWindow: pipeline.windowSeconds,
          maximumConcurrency: pipeline.maximumConcurrency,
          functionResponseType: "ReportBatchItemFailures",
        },
      },
    ],
  };
}
