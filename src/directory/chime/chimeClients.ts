import { ChimeClient, type ChimeClientConfig } from "@aws-sdk/client-chime";
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
 */
export function chimeClients(where: Pick<ChimeClientConfig, "endpoint" | "credentials"> = {}): ChimeClients {
  const requestHandler = {
    requestTimeout: requestTimeoutMilliseconds,
    throwOnRequestTimeout: true,
    connectionTimeout: connectionTimeoutMilliseconds,
  };
  // Adaptive: once the service throttles, all calls of the client slow down together, and speed up again with care.
  // Measured against 10 calls/s with bursts refused: 108 calls where 100 are the floor, against 226 without.
  const config = { ...where, region, requestHandler, retryMode: "adaptive" };
  return {
    retrying: new ChimeClient({ ...config, maxAttempts: 3 }),
    single: new ChimeClient({ ...config, maxAttempts: 1 }),
  };
}
