import type { StackModel } from "../../packages/aws-local/cloudformation/stackModel.ts";

/** An invocation's time bounds its leases: how long a killed worker keeps others from its people. */
const timeoutSeconds = 8;

/**
 * The same service with short windows and timeouts. Long enough for an invocation on a busy machine; a killed worker's
 * messages come again when its lease has ended, and not before.
 */
export function inQuickMotion(model: StackModel): StackModel {
  const sources = new Set(model.mappings.map(({ queueArn }) => queueArn));
  const drains = new Set(model.mappings.map(({ functionArn }) => functionArn));
  const visibilityTimeoutSeconds = timeoutSeconds + 3;
  return {
    ...model,
    functions: model.functions.map((fn) => (drains.has(fn.arn) ? { ...fn, timeoutSeconds } : fn)),
    queues: model.queues.map((queue) =>
      sources.has(queue.arn) ? { ...queue, visibilityTimeoutSeconds } : queue,
    ),
    mappings: model.mappings.map((mapping) => ({ ...mapping, windowSeconds: 1 })),
  };
}
