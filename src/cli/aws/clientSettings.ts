/** Which AWS a command talks to, by its options. */
export interface Endpoint {
  endpoint?: string;
  region?: string;
}

const REQUEST_TIMEOUT_MILLISECONDS = 10_000;
const CONNECTION_TIMEOUT_MILLISECONDS = 3_000;

/** What each of the command line's AWS clients is created with. */
export function clientSettings({ endpoint, region }: Endpoint) {
  const isLocal = endpoint !== undefined && isLoopback(endpoint);
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(isLocal && localDefaults(region)),
    requestHandler: {
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
      connectionTimeout: CONNECTION_TIMEOUT_MILLISECONDS,
    },
  };
}

/** A local stack asks nobody who they are, and the real credentials are none of its business. */
function localDefaults(region = "us-east-1") {
  return { region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
}

function isLoopback(endpoint: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}
