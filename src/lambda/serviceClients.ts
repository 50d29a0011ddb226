import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { eventBridgeBus } from "../events/eventBridge/eventBridgeBus.ts";
import type { EventBus } from "../events/eventBus.ts";
import { takeFastPath } from "./dynamoFastPath.ts";
import { readEnvironment } from "./settings.ts";

/**
 * The embedded stack sets these: its servers share a busy machine with the functions, which must not take that for an outage; and its
 * directories are on that machine, without encryption.
 */
const { CLIENT_TIMEOUT_FACTOR, ALLOW_LOOPBACK_HTTP } = readEnvironment(
  z.object({
    CLIENT_TIMEOUT_FACTOR: z.coerce.number().positive().default(1),
    ALLOW_LOOPBACK_HTTP: z.enum(["true", "false"]).default("false"),
  }),
  process.env,
);

const clientTimeoutFactor = CLIENT_TIMEOUT_FACTOR;

/** How the functions reach the directories. */
export const directoryOptions = { clientTimeoutFactor, allowLoopbackHttp: ALLOW_LOOPBACK_HTTP === "true" };

/** For services that answer in milliseconds: all tries together end well before an invocation does. */
export const clientTimeouts = {
  requestTimeout: 4_000 * clientTimeoutFactor,
  connectionTimeout: 1_000 * clientTimeoutFactor,
  throwOnRequestTimeout: true,
};

/** The event bus of that name. Its caller tries again, entry by entry, so the client does not. */
export function eventBus(name: string): EventBus {
  return eventBridgeBus(new EventBridgeClient({ maxAttempts: 1, requestHandler: clientTimeouts }), name);
}

export function sqsClient(): SQSClient {
  return new SQSClient({ maxAttempts: 3, requestHandler: clientTimeouts });
}

/**
 * The ledger's table of that name, as every adapter of it takes it.
 *
 * @param patience less than 1 where the ledger is asked on the way to something that matters more
 */
export function ledgerTable(tableName: string, patience = 1): { dynamo: DynamoDBClient; tableName: string } {
  // The SDK would put its middleware together anew for each of some 130 requests of a batch: a tenth of the ledger's time.
  const cached = { cacheMiddleware: true };
  const requestTimeout = clientTimeouts.requestTimeout * patience;
  const requestHandler = { ...clientTimeouts, requestTimeout };
  const dynamo = new DynamoDBClient({ ...cached, maxAttempts: 3, requestHandler });
  return { dynamo: takeFastPath(dynamo, requestTimeout / 2), tableName };
}
