import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent } from "aws-lambda";
import * as z from "zod";
import { eventBridgeBus, sleep } from "../events/eventBridge/eventBridgeBus.ts";
import { ingestOktaEvents } from "../inbound/okta.ts";
import { publishInboundEvents } from "../inbound/publishInboundEvents.ts";
import { describeFailures } from "../observability/logRecords.ts";
import { measureInboundEvents } from "../observability/measurements.ts";
import type { OutcomeKind } from "../provisioning/outcome.ts";
import { toBatchItemResults, toQueueMessage } from "../queue/batchResponse.ts";
import { type FinishedMessage, finishBatch } from "../queue/sqs/finishBatch.ts";
import { createLogger, createMetricSinks, publishMeasurements } from "./observe.ts";
import { clientTimeouts, observedSettings, readEnvironment, reserveOf } from "./settings.ts";

const settings = readEnvironment(
  z.object({
    ...observedSettings,
    EVENT_BUS_NAME: z.string().min(1),
    QUEUE_URL: z.url(),
    DEAD_LETTER_QUEUE_URL: z.url(),
  }),
  process.env,
);
const logger = createLogger(settings);
const metrics = createMetricSinks(settings, logger);
const bus = eventBridgeBus(
  new EventBridgeClient({ maxAttempts: 1, requestHandler: clientTimeouts }),
  settings.EVENT_BUS_NAME,
);
const releaseContext = {
  sqs: new SQSClient({ maxAttempts: 3, requestHandler: clientTimeouts }),
  pipeline: "okta" as const,
  queueUrl: settings.QUEUE_URL,
  deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL,
  now: Date.now,
  random: Math.random,
};

async function handle(event: SQSEvent, context: Context) {
  const messages = event.Records.map(toQueueMessage);
  const remaining = context.getRemainingTimeInMillis();
  const signal = AbortSignal.timeout(Math.max(1, remaining - reserveOf(remaining)));
  const settled = await ingestOktaEvents(messages, (events) =>
    publishInboundEvents(events, { bus, sleep, random: Math.random, signal }),
  );
  const { released, errors } = await finishBatch(settled, releaseContext);
  tell(released, errors);
  return toBatchItemResults(released.map(({ outcome }) => outcome));
}

function tell(settled: readonly FinishedMessage[], errors: readonly unknown[]): void {
  const described = settled.map((each) => ({ ...each, decision: undefined }));
  for (const failure of describeFailures("okta", described)) logger.warn(failure);
  for (const error of errors) logger.error({ message: "SQS refused a batch", error });
  const count = (...kinds: OutcomeKind[]) =>
    settled.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
  const [published, notPublished] = [count("applied"), count("retry", "rejected")];
  logger.info({ message: "okta", records: settled.length, published, notPublished });
  publishMeasurements(measureInboundEvents(published, notPublished), metrics);
}

/** Publishes ours for each of Okta's events; what was not published is a batch item failure, or a dead letter. */
export const handler = middy(handle, { timeoutEarlyInMillis: 500 })
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics.invocation))
  .use(sqsPartialBatchFailure({ logger: () => undefined }))
  .onError(({ error }) => logger.error({ message: "the batch failed as a whole and comes again", error }));
