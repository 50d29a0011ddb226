import type { StackModel } from "../../packages/aws-local/cloudformation/stackModel.ts";

/** The same service with short windows: what gathers for half a minute in AWS goes after a second. */
export function inQuickMotion(model: StackModel): StackModel {
  return { ...model, mappings: model.mappings.map((mapping) => ({ ...mapping, windowSeconds: 1 })) };
}

/** An invocation's time bounds its leases: how long a killed worker keeps others from its people. */
const shortTimeoutSeconds = 8;

/**
 * The same service with short timeouts, for tests that kill a worker or lose an answer: the messages come again when the lease
 * has ended, and not before. On a busy machine an invocation may run out of 8 s, so a test must bear that it comes again.
 */
export function withShortLeases(model: StackModel, timeoutSeconds = shortTimeoutSeconds): StackModel {
  const sources = new Set(model.mappings.map(({ queueArn }) => queueArn));
  const drains = new Set(model.mappings.map(({ functionArn }) => functionArn));
  const visibilityTimeoutSeconds = timeoutSeconds + 3;
  return {
    ...model,
    functions: model.functions.map((fn) => (drains.has(fn.arn) ? { ...fn, timeoutSeconds } : fn)),
    queues: model.queues.map((queue) =>
      sources.has(queue.arn) ? { ...queue, visibilityTimeoutSeconds } : queue,
    ),
  };
}
