import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { eventBridgeBus, sleep } from "../events/eventBridge/eventBridgeBus.ts";
import { dynamoPendingStore, type UnreadableItem } from "../ledger/dynamo/dynamoPendingStore.ts";
import { publishDue } from "../ledger/publishDue.ts";
import { measureLatches } from "../observability/measurements.ts";
import type { MetricName } from "../observability/metricTable.ts";
import { maskError } from "../privacy/masking.ts";
import { dynamoSafeguardStore } from "../safeguard/dynamo/dynamoSafeguardStore.ts";
import { createLogger, createMetricSinks, publishMeasurements } from "./observe.ts";
import { clientTimeouts, observedSettings, readEnvironment, reserveOf } from "./settings.ts";

const settings = readEnvironment(
  z.object({ ...observedSettings, TABLE_NAME: z.string().min(3), EVENT_BUS_NAME: z.string().min(1) }),
  process.env,
);
const logger = createLogger(settings);
const metrics = createMetricSinks(settings, logger);
const dynamo = new DynamoDBClient({ maxAttempts: 3, requestHandler: clientTimeouts });
const table = { dynamo, tableName: settings.TABLE_NAME };
const bus = eventBridgeBus(
  new EventBridgeClient({ maxAttempts: 1, requestHandler: clientTimeouts }),
  settings.EVENT_BUS_NAME,
);

async function handle(_event: unknown, context: Context): Promise<void> {
  const remaining = context.getRemainingTimeInMillis();
  const unreadable: UnreadableItem[] = [];
  const { published, followUps, unpublished } = await publishDue({
    pending: dynamoPendingStore(table, (item) => unreadable.push(item)),
    bus,
    sleep,
    random: Math.random,
    // What was not sent is sent a minute later.
    signal: AbortSignal.timeout(Math.max(1, remaining - reserveOf(remaining))),
    now: Date.now(),
  });
  for (const { eventId, reason } of unpublished)
    logger.error({ message: "a decision that is due could not be published", eventId, reason });
  for (const { key, error } of unreadable)
    logger.error({ message: "a decision that is due cannot be read, and stays in the ledger", key, error });
  const notPublished = { unpublished: unpublished.length, unreadable: unreadable.length };
  logger.info({ message: "published what was due", published, followUps, ...notPublished });
  measure("DuePublished", published);
  measure("DueNotPublished", unpublished.length + unreadable.length);
  await tellLatches();
}

/** Told here because this function runs every minute, whether or not anybody leaves. Leavers must not wait for it. */
async function tellLatches(): Promise<void> {
  try {
    publishMeasurements(measureLatches(await dynamoSafeguardStore(table).list()), metrics);
  } catch (error) {
    logger.error({ message: "the safeguard's state cannot be read, so its alarm is blind", error });
  }
}

function measure(name: MetricName, value: number): void {
  publishMeasurements([{ name, values: [value], dimensions: {} }], metrics);
}

/**
 * Runs every minute. Throws if the store fails, so that Lambda counts an error and tries again; what it throws names
 * nobody, because Lambda writes it to the log.
 */
export const handler = middy(handle, { timeoutEarlyInMillis: 0 })
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics.invocation))
  .onError((request) => {
    logger.error({ message: "what is due could not be published", error: request.error });
    measure("DuePublished", 0);
    request.error = maskError(request.error);
  });
