import type { FaultPlan } from "./fault.ts";
import { exceptionFault } from "./faultValues.ts";

/** Chime publishes no rate for these operations, so each number here is a test's own. */
export interface RateLimit {
  callsPerSecond: number;
  /** Calls that a rested service takes at once. Default: one second's worth. */
  burst?: number;
  /** Sent as `Retry-After` with each refusal. Default: no such header. */
  retryAfterSeconds?: number;
}

/** Refuses with 429 what exceeds the rate: a token bucket that follows the simulator's clock. */
export function rateLimit({
  callsPerSecond,
  burst = callsPerSecond,
  retryAfterSeconds,
}: RateLimit): FaultPlan {
  const refusal = exceptionFault("ThrottledClientException", {
    message: `Rate exceeded: ${callsPerSecond} calls per second.`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
  let tokens = burst;
  let filledAt: number | undefined;
  return ({ at }) => {
    const elapsedSeconds = Math.max(0, at - (filledAt ?? at)) / 1000;
    filledAt = at;
    tokens = Math.min(burst, tokens + elapsedSeconds * callsPerSecond);
    if (tokens < 1) return refusal;
    tokens -= 1;
    return undefined;
  };
}
