import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent } from "aws-lambda";
import { chimeClients } from "../directory/chime/chimeClients.ts";
import { chimeDirectory } from "../directory/chime/chimeDirectory.ts";
import { accountCache, scanMemory } from "../directory/directoryCache.ts";
import { type WatchedCall, watchCalls } from "../directory/watchCalls.ts";
import { dynamoIdentityCache } from "../ledger/dynamo/dynamoIdentityCache.ts";
import { dynamoLedger } from "../ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../ledger/dynamo/dynamoPendingStore.ts";
import type { Lease } from "../ledger/ledger.ts";
import {
  describeExcludedLeavers,
  describeFailures,
  describeInvocation,
} from "../observability/logRecords.ts";
import { failedBatch, measureBatch } from "../observability/measurements.ts";
import { pipelines } from "../pipelines.ts";
import { readPolicy } from "../policy/file/policyFile.ts";
import { toPolicyRules } from "../policy/policyRules.ts";
import { limitsFinder } from "../policy/suspensionLimits.ts";
import type { Decision } from "../provisioning/decision.ts";
import { withoutOutcome } from "../provisioning/outcome.ts";
import { processBatch } from "../provisioning/processBatch.ts";
import { toBatchItemResults, toQueueMessage } from "../queue/batchResponse.ts";
import { type FinishedMessage, finishBatch } from "../queue/sqs/finishBatch.ts";
import { dynamoSafeguardStore } from "../safeguard/dynamo/dynamoSafeguardStore.ts";
import { createLogger, createMetricSinks, publishMeasurements } from "./observe.ts";
import { callBudget, clientTimeouts, readSettings } from "./settings.ts";

// The composition root of the four functions. What stands here lives as long as the execution environment.
const settings = readSettings(process.env);
const pipeline = settings.PIPELINE;
const logger = createLogger(settings);
const metrics = createMetricSinks(settings, logger, { pipeline });
const dynamo = new DynamoDBClient({ maxAttempts: 3, requestHandler: clientTimeouts });
const table = { dynamo, tableName: settings.TABLE_NAME };
const policy = readPolicy(settings.POLICY_FILE);
const directory = chimeDirectory(chimeClients());
const drainContext = {
  pipeline: pipelines[pipeline],
  rules: toPolicyRules(policy),
  accounts: accountCache(Date.now),
  scans: scanMemory(Date.now),
  ledger: dynamoLedger(table),
  pending: dynamoPendingStore(table),
  identities: dynamoIdentityCache(table, (error) =>
    logger.warn({ message: "the identity cache failed; the directory is asked instead", error }),
  ),
  safeguard: {
    store: dynamoSafeguardStore(table),
    limitsOf: limitsFinder(policy),
    onFault: (error: unknown) =>
      logger.warn({
        message: "suspensions that did not happen stay counted by the safeguard until its window has passed",
        error,
      }),
  },
  clock: Date.now,
  concurrency: 4,
};
const releaseContext = {
  sqs: new SQSClient({ maxAttempts: 3, requestHandler: clientTimeouts }),
  pipeline,
  queueUrl: settings.QUEUE_URL,
  deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL,
  now: Date.now,
  random: Math.random,
};

interface SettledMessage extends FinishedMessage {
  decision: Decision | undefined;
}

async function handle(event: SQSEvent, context: Context) {
  const startedAt = Date.now();
  const messages = event.Records.map(toQueueMessage);
  const budget = callBudget(() => context.getRemainingTimeInMillis());
  const lease = leaseOf(context, startedAt);
  const watched = watchCalls(directory);
  const drained = await processBatch(messages, {
    ...drainContext,
    directory: watched.directory,
    budget,
    lease,
  });
  const batch = messages.map((message, index) => ({
    message,
    outcome: drained.outcomes[index] ?? withoutOutcome,
  }));
  const { released, errors } = await finishBatch(batch, releaseContext);
  const settled = released.map((each, index) => ({ ...each, decision: drained.decisions[index] }));
  for (const failure of describeFailures(pipeline, settled)) logger.warn(failure);
  for (const leaver of describeExcludedLeavers(pipeline, settled)) logger.info(leaver);
  for (const error of errors) logger.error({ message: "SQS refused a batch", error });
  logger.info({ ...describeInvocation(pipeline, settled, drained.calls, Date.now() - startedAt) });
  measure(settled, watched.calls);
  return toBatchItemResults(settled.map(({ outcome }) => outcome));
}

/** The claims of an invocation end when Lambda must have ended it. */
function leaseOf(context: Context, now: number): Lease {
  return { owner: context.awsRequestId, now, until: now + context.getRemainingTimeInMillis() };
}

/** What is measured has no say in what becomes of the messages: if it fails, that is told, and they go their way. */
function measure(settled: readonly SettledMessage[], calls: readonly WatchedCall[]): void {
  try {
    const messages = settled.map(({ message: { receivedAt }, outcome: { kind }, decision }) => ({
      kind,
      receivedAt,
      decision,
    }));
    publishMeasurements(measureBatch({ messages, calls, now: Date.now() }), metrics);
  } catch (error) {
    logger.error({ message: "what was measured could not be written", error });
  }
}

/** Before Lambda kills the function there has to be time to say so and to answer. */
const timeoutEarlyInMillis = 500;

/**
 * Drains one batch. The middleware turns what `handle` returns into the batch item failures; if `handle` throws or
 * runs out of time, every message of the batch is one, and the only trace of why is the line written here.
 *
 * What the middlewares do after the handler they do in the reverse order, so the metrics are written when a failure has been
 * counted.
 */
export const handler = middy(handle, { timeoutEarlyInMillis })
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics.invocation))
  .use(sqsPartialBatchFailure({ logger: () => undefined }))
  .onError(({ error }) => {
    logger.error({ message: "the batch failed as a whole and comes again", pipeline, error });
    publishMeasurements([failedBatch], metrics);
  });
