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
  return {
    retrying: new ChimeClient({ ...where, region, maxAttempts: 3, requestHandler }),
    single: new ChimeClient({ ...where, region, maxAttempts: 1, requestHandler }),
  };
}
