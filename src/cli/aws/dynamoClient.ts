import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientSettings, type Endpoint } from "./clientSettings.ts";

/** A request that is throttled is tried for about two seconds: somebody waits for it. The caller destroys the client. */
export function createDynamoClient(endpoint: Endpoint): DynamoDBClient {
  return new DynamoDBClient({ ...clientSettings(endpoint), maxAttempts: 3 });
}
