import type { Retry } from "../provisioning/outcome.ts";

/**
 * How long a message waits before it is tried again: exponential in its receives with full jitter, so that messages
 * that failed together do not come back together, and never before the service's own `retry-after`.
 *
 * Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param random uniform in [0, 1)
 * @returns whole seconds, 1-42,000
 */
export function backOffSeconds(
  receiveCount: number,
  { retryAfterSeconds = 0, atLeastSeconds = 0, atMostSeconds = capSeconds }: BackOffBounds,
  random: () => number,
): number {
  const exponential = Math.max(atLeastSeconds, baseSeconds * 2 ** Math.min(receiveCount - 1, 20));
  const ceiling = Math.min(capSeconds, atMostSeconds, exponential);
  const floor = Math.max(retryAfterSeconds, atLeastSeconds);
  const seconds = Math.ceil(floor) + Math.ceil(random() * ceiling);
  return Math.min(longestBackOffSeconds, Math.max(1, seconds));
}

type BackOffBounds = Pick<Retry, "retryAfterSeconds" | "atLeastSeconds" | "atMostSeconds">;

const baseSeconds = 5;
/** Long enough to outlast a short outage, short enough that a suspension follows soon after it. */
const capSeconds = 900;
/**
 * SQS refuses a visibility timeout that would end more than 12 hours after the message was received. The longest batching
 * window and the longest invocation that Lambda allows are taken off, for the time since then.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
const longestBackOffSeconds = 43_200 - 300 - 900;

/**
 * After so many receives SQS itself moves a message to the dead-letter queue. The functions decide earlier about every
 * message that they can read and back off between tries, so this only ends a message that kills the function each time.
 */
export const maxReceiveCount = 50;

/**
 * From this receive on, a message that waits for an outage or a repair is sent to its queue as a new copy, whose receives
 * start at zero. So an outage of days neither fills the dead-letter queue nor lets a message grow too old for SQS.
 */
export const renewFromReceive = 40;

/**
 * SQS delays a new message for 15 minutes at most. A message that has to wait for longer keeps its visibility timeout instead
 * of being copied, up to this receive. The few receives left are for invocations that end without a report.
 */
export const renewAnywayFromReceive = 45;
