import { setTimeout as sleep } from "node:timers/promises";
import { ChimeClient, type ChimeClientConfig } from "@aws-sdk/client-chime";
import { AdaptiveRetryStrategy, type RateLimiter } from "@smithy/core/retry";
import type { ChimeClients } from "./chimeDirectory.ts";

/** Chime has one endpoint, whatever the region of the functions. */
const region = "us-east-1";

/** A healthy answer to 50 users takes well under a second; without a limit the SDK would wait for ever. */
const requestTimeoutMilliseconds = 10_000;
const connectionTimeoutMilliseconds = 2_000;

/**
 * The real clients. `AWS_ENDPOINT_URL_CHIME` points them elsewhere.
 *
 * @param where the endpoint and the credentials, if not those of the environment
 * @param clientTimeoutFactor how many times longer to wait than for Chime itself
 */
export function chimeClients(
  where: Pick<ChimeClientConfig, "endpoint" | "credentials"> = {},
  clientTimeoutFactor = 1,
): ChimeClients {
  const requestHandler = {
    requestTimeout: requestTimeoutMilliseconds * clientTimeoutFactor,
    throwOnRequestTimeout: true,
    connectionTimeout: connectionTimeoutMilliseconds * clientTimeoutFactor,
  };
  const config = { ...where, region, requestHandler };
  // Shared: once the service throttles, all calls slow down together.
  const rateLimiter = pacer({ now: Date.now, sleep });
  const paced = (maxAttempts: number) => ({
    ...config,
    maxAttempts,
    retryStrategy: new AdaptiveRetryStrategy(maxAttempts, { rateLimiter }),
  });
  return {
    retrying: new ChimeClient(paced(3)),
    single: new ChimeClient(paced(1)),
  };
}

export interface Timer {
  /** Milliseconds since the epoch. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<void>;
}

/** The factor by which the rate falls when the service throttles a call. */
const decrease = 0.8;
/** Each answered call adds this to the rate, in calls per second: some ten per cent more in a second, at any rate. */
const increase = 0.1;
const slowestCallsPerSecond = 0.5;
/** Calls that were under way together are throttled together, and slow the rate down once. */
const ignoreFurtherMilliseconds = 500;

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
    if (now() - slowedAt < ignoreFurtherMilliseconds) return;
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
