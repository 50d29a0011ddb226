import type { Retry } from "../provisioning/outcome.ts";

const baseSeconds = 5;
/** Long enough to sit out an outage, short enough that a suspension follows soon after it. */
const capSeconds = 900;
/**
 * SQS refuses a visibility timeout that would end more than 12 hours after the message was received. So much of it
 * is kept for the time since then: the longest window and the longest invocation that Lambda allows.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
const longestBackOffSeconds = 43_200 - 300 - 900;

type BackOffBounds = Pick<Retry, "retryAfterSeconds" | "atLeastSeconds" | "atMostSeconds">;

/**
 * How long a message waits before it is tried again: exponential in its receives with full jitter, so that those
 * who failed together do not come back together, and never before the service's own `retry-after`.
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

/**
 * How often the queue hands a message out before SQS itself moves it to the dead-letter queue. The drain decides
 * sooner for every message that it can read and backs off between tries, so this only ends what kills the
 * function each time.
 */
export const maxReceiveCount = 50;

/**
 * From this receive on, a message that waits for somebody or something else to be mended is sent to its queue anew, with
 * its count at zero: an outage of days must not fill the dead-letter queue, nor may the message grow too old for SQS.
 */
export const renewFromReceive = 40;

/**
 * SQS holds a new message back for 15 minutes at most. One that has to wait for longer is put off once more as it stands, up
 * to this receive: a few are left then for what SQS hands out and no invocation comes to report.
 */
export const renewAnywayFromReceive = 45;
