import { explainAwsFailure, type FailureExplanation } from "../aws/explainAwsFailure.ts";

/** The client gives SQS's errors their names of the JSON protocol; the older one has a prefix. */
const explanations: readonly FailureExplanation[] = [
  {
    name: /QueueDoesNotExist|NonExistentQueue/,
    kind: "misused",
    say: ({ resource, region, endpoint = region }) =>
      `there are no ${resource} at ${endpoint}; name another stack with --stack, or another --region`,
  },
  {
    name: /^AccessDenied/,
    kind: "failed",
    say: ({ resource, message }) =>
      `these credentials may not use ${resource} (${message}); "Dead letters" in the README lists what they need`,
  },
];

/**
 * Why the queues of a stack could not be used, and what to do about it. Rethrows what was said by neither SQS, nor its
 * client, nor the network.
 */
export function explainSqsFailure(
  error: unknown,
  { stack, ...place }: { stack: string; region: string; endpoint?: string },
) {
  return explainAwsFailure(error, { service: "SQS", resource: `queues of ${stack}`, ...place }, explanations);
}
