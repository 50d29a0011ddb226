import { SQSClient } from "@aws-sdk/client-sqs";
import { clientSettings, type Endpoint } from "./clientSettings.ts";

/** A request that is throttled is tried for about two seconds: somebody waits for it. The caller destroys the client. */
export function createSqsClient(endpoint: Endpoint): SQSClient {
  return new SQSClient({ ...clientSettings(endpoint), maxAttempts: 3 });
}
