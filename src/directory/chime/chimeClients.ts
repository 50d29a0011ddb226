import { ChimeClient } from "@aws-sdk/client-chime";
import type { ChimeClients } from "./chimeDirectory.ts";

/** Chime has one endpoint, whatever the region of the functions. */
const region = "us-east-1";

/** A healthy answer to 50 users takes well under a second; without a limit the SDK would wait for ever. */
const requestTimeoutMilliseconds = 10_000;
const connectionTimeoutMilliseconds = 2_000;

/** The real clients. `AWS_ENDPOINT_URL_CHIME` points them elsewhere. */
export function chimeClients(): ChimeClients {
  const requestHandler = {
    requestTimeout: requestTimeoutMilliseconds,
    throwOnRequestTimeout: true,
    connectionTimeout: connectionTimeoutMilliseconds,
  };
  return {
    retrying: new ChimeClient({ region, maxAttempts: 3, requestHandler }),
    single: new ChimeClient({ region, maxAttempts: 1, requestHandler }),
  };
}
