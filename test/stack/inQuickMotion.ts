import type { StackModel } from "../../packages/aws-local/cloudformation/stackModel.ts";

/** The functions' timeout. It limits the leases, and so the time for which a killed worker blocks its people. */
const timeoutSeconds = 8;

/**
 * The service with short batching windows and timeouts. They are long enough for an invocation on a busy machine, and a killed
 * worker's messages come again after its lease has ended.
 */
export function inQuickMotion(model: StackModel): StackModel {
  const sources = new Set(model.mappings.map(({ queueArn }) => queueArn));
  const consumers = new Set(model.mappings.map(({ functionArn }) => functionArn));
  const visibilityTimeoutSeconds = timeoutSeconds + 3;
  return {
    ...model,
    functions: model.functions.map((fn) => (consumers.has(fn.arn) ? { ...fn, timeoutSeconds } : fn)),
    queues: model.queues.map((queue) =>
      sources.has(queue.arn) ? { ...queue, visibilityTimeoutSeconds } : queue,
    ),
    mappings: model.mappings.map((mapping) => ({ ...mapping, windowSeconds: 1 })),
  };
}
