import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SSMClient } from "@aws-sdk/client-ssm";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { eventBridgeBus, sleep } from "../events/eventBridge/eventBridgeBus.ts";
import { callVendorApi } from "../inbound/http/vendorApi.ts";
import { publishInboundEvents } from "../inbound/publishInboundEvents.ts";
import { parameterStore } from "../inbound/ssm/parameterStore.ts";
import { readRequest, receiveWebhook, type WebhookResult } from "../inbound/webhooks/receiveWebhook.ts";
import { vendors } from "../inbound/webhooks/vendors.ts";
import { measureInboundEvents, measureRefused } from "../observability/measurements.ts";
import { createLogger, createMetricSinks, publishMeasurements } from "./observe.ts";
import { clientTimeouts, observedSettings, readEnvironment, reserveOf } from "./settings.ts";

const settings = readEnvironment(
  z.object({
    ...observedSettings,
    EVENT_BUS_NAME: z.string().min(1),
    PARAMETERS_PATH: z.string().regex(/^\/.*[^/]$/),
  }),
  process.env,
);
const logger = createLogger(settings);
const metrics = createMetricSinks(settings, logger);
const bus = eventBridgeBus(
  new EventBridgeClient({ maxAttempts: 1, requestHandler: clientTimeouts }),
  settings.EVENT_BUS_NAME,
);
const parameters = parameterStore({
  ssm: new SSMClient({ maxAttempts: 2, requestHandler: clientTimeouts }),
  path: settings.PARAMETERS_PATH,
  clock: Date.now,
});

async function handle(event: unknown, context: Context) {
  const request = readRequest(event);
  const remaining = context.getRemainingTimeInMillis();
  const signal = AbortSignal.timeout(Math.max(1, remaining - reserveOf(remaining)));
  // Before that of the publishing, so that what came of the look-ups can be published.
  const lookUpSignal = AbortSignal.timeout(Math.max(1, Math.floor(remaining / 2)));
  const result = await receiveWebhook(request, {
    vendors,
    parameters,
    callApi: (request) => callVendorApi(request, lookUpSignal),
    publish: (events) => publishInboundEvents(events, { bus, sleep, random: Math.random, signal }),
    now: Date.now(),
  });
  tell(result);
  return respond(result.status);
}

function tell({ published, notPublished, ...answer }: WebhookResult): void {
  const line = { message: "webhook", ...answer, published, notPublished };
  if (answer.status === 200) logger.info(line);
  else if (answer.status < 422) logger.warn(line);
  else logger.error(line);
  const counted = measureInboundEvents(published.length, notPublished.length);
  publishMeasurements([...counted, measureRefused(mayBeOfVendor(answer))], metrics);
}

/** Of what is refused: whoever finds the function knows no vendor's address, and what is too large was not looked at. */
function mayBeOfVendor({ status, vendor }: Pick<WebhookResult, "status" | "vendor">): boolean {
  return status === 413 || ((status === 401 || status === 404) && vendor !== undefined);
}

/** The status and nothing else: why is for the log, and for nobody who tries what passes. */
function respond(statusCode: number) {
  return {
    statusCode,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: "{}",
  };
}

/** Answers a vendor's call, and 503 to what fails, so that the vendor sends it again. */
export const handler = middy(handle, { timeoutEarlyInMillis: 500 })
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics.invocation))
  .onError((request) => {
    logger.error({ message: "a webhook could not be taken in", error: request.error });
    publishMeasurements(measureInboundEvents(0, 1), metrics);
    request.response = respond(503);
  });
