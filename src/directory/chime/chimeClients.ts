import { setTimeout as sleep } from "node:timers/promises";
import { ChimeClient, type ChimeClientConfig } from "@aws-sdk/client-chime";
import { AdaptiveRetryStrategy, type RateLimiter } from "@smithy/core/retry";
import { callPace, type Timer } from "../callPace.ts";
import type { ChimeClients } from "./chimeDirectory.ts";

/** Chime has one endpoint, whatever the region of the functions. */
const region = "us-east-1";

/** A healthy answer to 50 users takes well under a second; without a limit the SDK would wait for ever. */
const requestTimeoutMilliseconds = 10_000;
const connectionTimeoutMilliseconds = 2_000;

/** Where Chime is, and who calls it. */
export type ChimeEndpoint = Pick<ChimeClientConfig, "endpoint" | "credentials">;

/**
 * The real clients. `AWS_ENDPOINT_URL_CHIME` points them elsewhere.
 *
 * @param where the endpoint and the credentials, if not those of the environment
 * @param clientTimeoutFactor how many times longer to wait than for Chime itself
 */
export function chimeClients(where: ChimeEndpoint = {}, clientTimeoutFactor = 1): ChimeClients {
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

/**
 * Paces the calls of both clients together once the service throttles; until then nothing waits.
 *
 * In place of the SDK's own limiter of its `adaptive` mode, which saves up calls while nothing is to be done and then
 * makes them at once: a service that takes no bursts refuses those.
 */
export function pacer(timer: Timer): RateLimiter {
  const pace = callPace(timer);
  return {
    async getSendToken() {
      await pace.wait(Number.POSITIVE_INFINITY);
    },
    updateClientSendingRate(response: { errorType?: string }) {
      if (response.errorType === "THROTTLING") pace.noteAnswer("throttled");
      else if (response.errorType === undefined) pace.noteAnswer("answered");
    },
  };
}
