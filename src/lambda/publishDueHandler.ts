import type { Context } from "aws-lambda";
import * as z from "zod";
import { sleep } from "../events/eventBridge/eventBridgeBus.ts";
import { dynamoPendingStore, type UnreadableItem } from "../ledger/dynamo/dynamoPendingStore.ts";
import { publishDue } from "../ledger/publishDue.ts";
import { measureLatches, measurePauses } from "../observability/measurements.ts";
import type { Measurement, MetricName } from "../observability/metricTable.ts";
import { maskError } from "../privacy/masking.ts";
import { dynamoPauseStore } from "../safeguard/dynamo/dynamoPauseStore.ts";
import { dynamoSafeguardStore } from "../safeguard/dynamo/dynamoSafeguardStore.ts";
import { observe, observedHandler, publishMeasurements } from "./observe.ts";
import { eventBus, ledgerTable } from "./serviceClients.ts";
import { observedSettings, readEnvironment, signalBeforeReserve } from "./settings.ts";

const settings = readEnvironment(
  z.object({ ...observedSettings, TABLE_NAME: z.string().min(3), EVENT_BUS_NAME: z.string().min(1) }),
  process.env,
);
const observation = observe(settings);
const { logger, metrics } = observation;
const table = ledgerTable(settings.TABLE_NAME);
const bus = eventBus(settings.EVENT_BUS_NAME);

async function handle(_event: unknown, context: Context): Promise<void> {
  const unreadable: UnreadableItem[] = [];
  const { published, followUps, unpublished } = await publishDue({
    pending: dynamoPendingStore(table, (item) => unreadable.push(item)),
    bus,
    sleep,
    random: Math.random,
    // The next run, a minute later, sends the rest.
    signal: signalBeforeReserve(context.getRemainingTimeInMillis()),
    now: Date.now(),
  });
  for (const { eventId, reason } of unpublished)
    logger.error({ message: "a decision that is due could not be published", eventId, reason });
  // `rollcall pending` names the person.
  for (const { kind, error } of unreadable)
    logger.error({ message: "a decision that is due cannot be read, and stays in the ledger", kind, error });
  const notPublished = { unpublished: unpublished.length, unreadable: unreadable.length };
  logger.info({ message: "published what was due", published, followUps, ...notPublished });
  measure("DuePublished", published);
  measure("DueNotPublished", unpublished.length + unreadable.length);
  await report("latch-closed", async () => measureLatches(await dynamoSafeguardStore(table).list()));
  await report("paused", async () => measurePauses(await dynamoPauseStore(table).list()));
}

/** Writes a gauge here, because this function runs every minute. A failure must not keep leavers waiting. */
async function report(alarm: string, read: () => Promise<Measurement[]>): Promise<void> {
  try {
    publishMeasurements(await read(), metrics);
  } catch (error) {
    logger.error({ message: `a state cannot be read, so the ${alarm} alarm has no data`, error });
  }
}

function measure(name: MetricName, value: number): void {
  publishMeasurements([{ name, values: [value], dimensions: {} }], metrics);
}

/**
 * Publishes the decisions that are due, every minute. Throws if the ledger cannot be read, so that Lambda counts an error
 * and tries again. The error is masked, because Lambda writes it to the log.
 */
export const handler = observedHandler(handle, observation, 0).onError((request) => {
  logger.error({ message: "the decisions that are due could not be published", error: request.error });
  measure("DuePublished", 0);
  request.error = maskError(request.error);
});
