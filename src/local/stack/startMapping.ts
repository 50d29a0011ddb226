import type { StackModel } from "../cloudformation/stackModel.ts";
import {
  type EventSourceMapping,
  startEventSourceMapping,
} from "../eventSourceMapping/eventSourceMapping.ts";
import type { Lambda } from "../lambda/startLambda.ts";
import type { SqsServer } from "../sqs/startSqs.ts";
import type { StackOptions } from "./stack.ts";

interface Ends {
  model: StackModel;
  sqs: SqsServer;
  functions: ReadonlyMap<string, Lambda>;
}

/** Starts one of the template's event source mappings. */
export function startMapping(
  mapping: StackModel["mappings"][number],
  { model, sqs, functions }: Ends,
  { onBatch, onProblem }: StackOptions,
): Promise<EventSourceMapping> {
  const { queueArn, functionArn, maximumConcurrency } = mapping;
  const queue = model.queues.find(({ arn }) => arn === queueArn);
  const lambda = functions.get(model.functions.find(({ arn }) => arn === functionArn)?.name ?? "");
  if (queue === undefined || lambda === undefined) {
    throw new Error(
      `${mapping.logicalId} maps ${queueArn} to ${functionArn}; expected both in the template. Add the missing one.`,
    );
  }
  return startEventSourceMapping({
    client: sqs.client,
    queueUrl: sqs.queueUrl(queue.name),
    lambda,
    onProblem,
    onBatch: (report) => onBatch?.({ ...report, functionName: lambda.name }),
    batchSize: mapping.batchSize,
    batchingWindowSeconds: mapping.windowSeconds,
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    reportsBatchItemFailures: mapping.reportBatchItemFailures,
  });
}
