import { SSMClient } from "@aws-sdk/client-ssm";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { sleep } from "../events/eventBridge/eventBridgeBus.ts";
import { dynamoAddressMemory } from "../inbound/dynamo/dynamoAddressMemory.ts";
import { callVendorApi } from "../inbound/http/vendorApi.ts";
import { publishInboundEvents } from "../inbound/publishInboundEvents.ts";
import { parameterStore } from "../inbound/ssm/parameterStore.ts";
import { recallFrom } from "../inbound/webhooks/ingestReadings.ts";
import { readRequest, receiveWebhook, type WebhookResult } from "../inbound/webhooks/receiveWebhook.ts";
import { vendors } from "../inbound/webhooks/vendors.ts";
import {
  measureInboundEvents,
  measureRejectedRequest,
  measureSource,
} from "../observability/measurements.ts";
import { readPolicy } from "../policy/file/policyFile.ts";
import { personQualifier } from "../policy/policyRules.ts";
import { listWatchedSources } from "../policy/sourceSettings.ts";
import { observe, observedHandler, publishMeasurements } from "./observe.ts";
import { clientTimeouts, eventBus, ledgerTable } from "./serviceClients.ts";
import { observedSettings, readEnvironment, signalBeforeReserve } from "./settings.ts";

const settings = readEnvironment(
  z.object({
    ...observedSettings,
    EVENT_BUS_NAME: z.string().min(1),
    PARAMETERS_PATH: z.string().regex(/^\/.*[^/]$/),
    TABLE_NAME: z.string().min(3),
    POLICY_FILE: z.string().min(1),
  }),
  process.env,
);
const observation = observe(settings);
const { logger, metrics } = observation;
const bus = eventBus(settings.EVENT_BUS_NAME);
const parameters = parameterStore({
  ssm: new SSMClient({ maxAttempts: 2, requestHandler: clientTimeouts }),
  path: settings.PARAMETERS_PATH,
  clock: Date.now,
});

// A question takes two requests: with their tries they end in time to publish the events without an answer.
const addresses = dynamoAddressMemory(ledgerTable(settings.TABLE_NAME, 0.25));
const policy = readPolicy(settings.POLICY_FILE);
const recall = recallFrom(addresses, personQualifier(policy));
const watchedSources = new Set<string>(listWatchedSources(policy.sources).map(({ origin }) => origin));

async function handle(event: unknown, context: Context) {
  const request = readRequest(event);
  const remaining = context.getRemainingTimeInMillis();
  const signal = signalBeforeReserve(remaining);
  // Ends earlier, so that there is time to publish the events of the look-ups that were answered.
  const lookUpSignal = AbortSignal.timeout(Math.max(1, Math.floor(remaining / 2)));
  const result = await receiveWebhook(request, {
    vendors,
    parameters,
    callApi: (request) => callVendorApi(request, lookUpSignal),
    recall,
    publish: (events) => publishInboundEvents(events, { bus, sleep, random: Math.random, signal }),
    now: Date.now(),
  });
  report(result);
  return respond(result.status);
}

function report({ published, notPublished, isSigned, ...result }: WebhookResult): void {
  const line = { message: "webhook", ...result, published, notPublished };
  if (result.status === 200) logger.info(line);
  else if (result.status < 422) logger.warn(line);
  else logger.error(line);
  const counted = measureInboundEvents(published.length, notPublished.length);
  const { vendor } = result;
  const heard = isSigned && vendor !== undefined && watchedSources.has(vendor) ? [measureSource(vendor)] : [];
  publishMeasurements([...counted, measureRejectedRequest(mayBeFromVendor(result)), ...heard], metrics);
}

/** Whether a request that was rejected may be a vendor's own. A stranger knows no vendor's path; a large body was not read. */
function mayBeFromVendor({ status, vendor }: Pick<WebhookResult, "status" | "vendor">): boolean {
  return status === 413 || ((status === 401 || status === 404) && vendor !== undefined);
}

/** Responds with the status alone. The reason goes to the log, where nobody can use it to probe the endpoint. */
function respond(statusCode: number) {
  return {
    statusCode,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: "{}",
  };
}

/** Responds to a vendor's webhook. A failure is a 503, so that the vendor sends the webhook again. */
export const handler = observedHandler(handle, observation, 500).onError((request) => {
  logger.error({ message: "the webhook could not be processed", error: request.error });
  publishMeasurements(measureInboundEvents(0, 1), metrics);
  request.response = respond(503);
});
