import type { RateLimiter } from "@smithy/core/retry";

export interface Timer {
  /** Milliseconds since the epoch. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<void>;
}

/** What is left of the rate when the service has refused a call for its rate. */
const decrease = 0.7;
/** What each answered call adds to the rate, in calls per second: at any rate some three per cent more in a second. */
const increase = 0.03;
const slowestCallsPerSecond = 0.5;
/** Calls that were on their way together are refused together, and say the same thing once. */
const deafMilliseconds = 500;

/**
 * Paces the calls of one client once the service throttles, so that all of them slow down together: additive increase,
 * multiplicative decrease, as TCP shares a line among strangers. Until then nothing waits.
 *
 * In place of the SDK's own limiter of its `adaptive` mode, which saves up calls while nothing is to be done and then
 * makes them at once: a service that takes no bursts refuses those.
 *
 * https://www.rfc-editor.org/rfc/rfc5681 (congestion avoidance)
 */
export function pacer({ now, sleep }: Timer): RateLimiter {
  let callsPerSecond: number | undefined;
  let nextAt = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  let sentAt: number[] = [];

  function slowDown() {
    if (now() - slowedAt < deafMilliseconds) return;
    slowedAt = now();
    callsPerSecond = Math.max(slowestCallsPerSecond, (callsPerSecond ?? sentAt.length) * decrease);
  }

  return {
    async getSendToken() {
      const asked = now();
      if (callsPerSecond === undefined) {
        sentAt = [...sentAt.filter((at) => at > asked - 1000), asked];
        return;
      }
      const at = Math.max(asked, nextAt);
      nextAt = at + 1000 / callsPerSecond;
      if (at > asked) await sleep(at - asked);
    },
    updateClientSendingRate(response: { errorType?: string }) {
      if (response.errorType === "THROTTLING") slowDown();
      else if (callsPerSecond !== undefined && response.errorType === undefined) callsPerSecond += increase;
    },
  };
}
