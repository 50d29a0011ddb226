import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent } from "aws-lambda";
import * as z from "zod";
import { report } from "../drain/report.ts";
import { eventBridgeBus } from "../events/eventBridgeBus.ts";
import { publishMeasurements } from "../metrics/publishMeasurements.ts";
import { toQueueMessage } from "../queue/queueMessage.ts";
import { release } from "../queue/release.ts";
import { takeInOkta } from "../sources/okta/takeInOkta.ts";
import { publishSourceEvents } from "../sources/publishSourceEvents.ts";
import { reserveOf } from "./callBudget.ts";
import { clientTimeouts } from "./clientTimeouts.ts";
import { createLogger } from "./createLogger.ts";
import { createMetricSinks } from "./createMetricSinks.ts";
import { observedSettings } from "./observedSettings.ts";
import { readEnvironment } from "./readEnvironment.ts";

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
  pipeline: "okta",
  queueUrl: settings.QUEUE_URL,
  deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL,
  now: Date.now,
  random: Math.random,
};

async function handle(event: SQSEvent, context: Context) {
  const messages = event.Records.map(toQueueMessage);
  const remaining = context.getRemainingTimeInMillis();
  const signal = AbortSignal.timeout(Math.max(1, remaining - reserveOf(remaining)));
  const settled = await takeInOkta(messages, (events) =>
    publishSourceEvents(events, { bus, random: Math.random, signal }),
  );
  const { released, errors } = await release(settled, releaseContext);
  for (const { message, outcome } of released) {
    if (outcome.kind !== "retry" && outcome.kind !== "rejected") continue;
    const { kind, code, reason } = outcome;
    const { messageId, receiveCount } = message;
    logger.warn({ message: kind, source: "okta", messageId, receiveCount, code, reason });
  }
  for (const error of errors) logger.error({ message: "SQS refused a batch", error });
  const count = (...kinds: string[]) => released.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
  const published = count("applied");
  const notPublished = count("retry", "rejected");
  logger.info({ message: "okta", records: messages.length, published, notPublished });
  publishMeasurements(
    [
      { name: "SourceEventsPublished", values: [published], dimensions: {} },
      { name: "SourceEventsNotPublished", values: [notPublished], dimensions: {} },
    ],
    metrics,
  );
  return report(released.map(({ outcome }) => outcome));
}

/** Publishes ours for each of Okta's events; what was not published is a batch item failure, or a dead letter. */
export const handler = middy(handle, { timeoutEarlyInMillis: 500 })
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics.invocation))
  .use(sqsPartialBatchFailure({ logger: () => undefined }))
  .onError(({ error }) => logger.error({ message: "the batch failed as a whole and comes again", error }));
