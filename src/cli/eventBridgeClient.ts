import { EventBridgeClient } from "@aws-sdk/client-eventbridge";

const REQUEST_TIMEOUT_MILLISECONDS = 10_000;
const CONNECTION_TIMEOUT_MILLISECONDS = 3_000;

export interface Endpoint {
  endpoint?: string;
  region?: string;
}

/**
 * The SDK's own retries are off: `putUntilSettled` retries, knows which entries are left, and stops when the
 * user asks. The caller destroys the client.
 */
export function createEventBridgeClient({ endpoint, region }: Endpoint): EventBridgeClient {
  const isLocal = endpoint !== undefined && isLoopback(endpoint);
  return new EventBridgeClient({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(isLocal ? localDefaults(region) : {}),
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
      connectionTimeout: CONNECTION_TIMEOUT_MILLISECONDS,
    },
  });
}

/** A local stack asks nobody who they are, and the real credentials are none of its business. */
function localDefaults(region = "us-east-1") {
  return { region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
}

function isLoopback(endpoint: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}
