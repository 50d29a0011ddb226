import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { clientSettings, type Endpoint } from "./clientSettings.ts";

/**
 * The SDK's own retries are off: `putWithRetries` retries, knows which entries are left, and stops when the
 * user asks. The caller destroys the client.
 */
export function createEventBridgeClient(endpoint: Endpoint): EventBridgeClient {
  return new EventBridgeClient({ ...clientSettings(endpoint), maxAttempts: 1 });
}
