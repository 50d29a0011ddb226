import type { StackModel } from "../cloudformation/stackModel.ts";

/**
 * An invocation's time bounds its leases, so it is how long a killed worker keeps others from its people. Long enough for
 * a batch on a busy machine.
 */
const timeoutSeconds = 16;
/** AWS advises six times the timeout and refuses less than the timeout. It is how long a killed worker's messages hide. */
const visibilitySeconds = 24;
/** Small batches make for many invocations, and so for more that can go wrong between two of them. */
const batchSize = 120;

/** The template's model in, the same service in quick motion out: what takes minutes in AWS takes seconds. */
export function adjustStack(model: StackModel): StackModel {
  const drains = new Set(model.mappings.map(({ functionArn }) => functionArn));
  const sources = new Set(model.mappings.map(({ queueArn }) => queueArn));
  return {
    ...model,
    functions: model.functions.map((fn) => (drains.has(fn.arn) ? { ...fn, timeoutSeconds } : fn)),
    queues: model.queues.map((queue) =>
      sources.has(queue.arn) ? { ...queue, visibilityTimeoutSeconds: visibilitySeconds } : queue,
    ),
    mappings: model.mappings.map((mapping) => ({ ...mapping, batchSize, windowSeconds: 1 })),
  };
}
