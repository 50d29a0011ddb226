import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent } from "aws-lambda";
import * as z from "zod";
import { sleep } from "../events/eventBridge/eventBridgeBus.ts";
import { ingestOktaEvents } from "../inbound/okta.ts";
import { publishInboundEvents } from "../inbound/publishInboundEvents.ts";
import { describeFailures } from "../observability/logRecords.ts";
import { measureInboundEvents } from "../observability/measurements.ts";
import type { Outcome, OutcomeKind } from "../provisioning/outcome.ts";
import {
  type FinishedMessage,
  type QueueMessage,
  toBatchItemResults,
  toQueueMessage,
} from "../queue/batchResponse.ts";
import { type Lot, processInLots, suspectOftenReceived } from "../queue/lots.ts";
import { deleteMessages } from "../queue/sqs/deleteMessages.ts";
import { finishBatch } from "../queue/sqs/finishBatch.ts";
import { observe, observedHandler, publishMeasurements } from "./observe.ts";
import { eventBus, sqsClient } from "./serviceClients.ts";
import { observedSettings, readEnvironment, signalBeforeReserve } from "./settings.ts";

const settings = readEnvironment(
  z.object({
    ...observedSettings,
    EVENT_BUS_NAME: z.string().min(1),
    QUEUE_URL: z.url(),
    DEAD_LETTER_QUEUE_URL: z.url(),
  }),
  process.env,
);
const observation = observe(settings);
const { logger, metrics } = observation;
const bus = eventBus(settings.EVENT_BUS_NAME);
const finishContext = {
  sqs: sqsClient(),
  pipeline: "okta" as const,
  queueUrl: settings.QUEUE_URL,
  deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL,
  now: Date.now,
  random: Math.random,
};

async function handle(event: SQSEvent, context: Context) {
  const messages = event.Records.map(toQueueMessage);
  const now = Date.now();
  const remaining = context.getRemainingTimeInMillis();
  const signal = signalBeforeReserve(remaining);
  const outcomes = await processInLots(messages, {
    memory: suspectOftenReceived(messages),
    lease: { owner: context.awsRequestId, now, until: now + remaining },
    hasTime: () => !signal.aborted,
    process: (lot) => processLot(lot, signal),
    acknowledge: async (done) => {
      const { errors } = await deleteMessages(done, { sqs: finishContext.sqs, url: settings.QUEUE_URL });
      for (const error of errors) logger.error({ message: "SQS refused a batch", error });
    },
    // This memory asks nobody.
    onFault: (error) => logger.error({ message: "the lots could not be planned", error }),
  });
  return toBatchItemResults(outcomes);
}

async function processLot({ messages, outcome }: Lot<QueueMessage>, signal: AbortSignal): Promise<Outcome[]> {
  const batch =
    outcome === undefined
      ? await ingestOktaEvents(messages, (events) =>
          publishInboundEvents(events, { bus, sleep, random: Math.random, signal }),
        )
      : messages.map((message) => ({ message, outcome }));
  const { finished, errors } = await finishBatch(batch, finishContext);
  report(finished, errors);
  return finished.map((each) => each.outcome);
}

function report(finished: readonly FinishedMessage[], errors: readonly unknown[]): void {
  const described = finished.map((each) => ({ ...each, decision: undefined }));
  for (const failure of describeFailures("okta", described)) logger.warn(failure);
  for (const error of errors) logger.error({ message: "SQS refused a batch", error });
  const count = (...kinds: OutcomeKind[]) =>
    finished.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
  const [published, notPublished] = [count("applied"), count("retry", "rejected")];
  logger.info({ message: "okta", records: finished.length, published, notPublished });
  publishMeasurements(measureInboundEvents(published, notPublished), metrics);
}

/** Publishes an HR event for each of Okta's. An event that was not published is a batch item failure, or a dead letter. */
export const handler = observedHandler(handle, observation, 2_000)
  .use(sqsPartialBatchFailure({ logger: () => undefined }))
  .onError(({ error }) => logger.error({ message: "the batch failed as a whole and comes again", error }));
