import type { StackModel } from "../cloudformation/stackModel.ts";
import {
  type EventSourceMapping,
  startEventSourceMapping,
} from "../eventSourceMapping/eventSourceMapping.ts";
import type { Lambda } from "../lambda/startLambda.ts";
import type { SqsServer } from "../sqs/startSqs.ts";

/** Starts one of the template's event source mappings. */
export function startMapping(
  mapping: StackModel["mappings"][number],
  model: StackModel,
  { client, queueUrl }: SqsServer,
  functions: ReadonlyMap<string, Lambda>,
  onProblem: (problem: string) => void,
): Promise<EventSourceMapping> {
  const queue = model.queues.find(({ arn }) => arn === mapping.queueArn);
  const lambda = functions.get(model.functions.find(({ arn }) => arn === mapping.functionArn)?.name ?? "");
  if (queue === undefined || lambda === undefined) {
    throw new Error(
      `${mapping.logicalId} maps ${mapping.queueArn} to ${mapping.functionArn}; expected both in the template.`,
    );
  }
  return startEventSourceMapping({
    client,
    queueUrl: queueUrl(queue.name),
    lambda,
    onProblem,
    batchSize: mapping.batchSize,
    batchingWindowSeconds: mapping.windowSeconds,
    ...(mapping.maximumConcurrency !== undefined && { maximumConcurrency: mapping.maximumConcurrency }),
    reportsBatchItemFailures: mapping.reportBatchItemFailures,
  });
}
