import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent } from "aws-lambda";
import type { Budget } from "../directory/directory.ts";
import { accountCache, scanMemory } from "../directory/directoryCache.ts";
import { openDirectories } from "../directory/kinds/openDirectories.ts";
import { stopCalls } from "../directory/stopCalls.ts";
import { type WatchedCall, watchCalls } from "../directory/watchCalls.ts";
import { dynamoForgottenPeople } from "../ledger/dynamo/dynamoForgottenPeople.ts";
import { dynamoIdentityCache } from "../ledger/dynamo/dynamoIdentityCache.ts";
import { dynamoLedger, dynamoObservations } from "../ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../ledger/dynamo/dynamoPendingStore.ts";
import type { Lease } from "../ledger/ledger.ts";
import {
  describeDroppedTexts,
  describeExcludedLeavers,
  describeFailures,
  describeFromTheFuture,
  describeInvocation,
} from "../observability/logRecords.ts";
import { failedBatch, measureBatch } from "../observability/measurements.ts";
import { pipelines } from "../pipelineSettings.ts";
import { readPolicy } from "../policy/file/policyFile.ts";
import { toPolicyRules } from "../policy/policyRules.ts";
import { limitsFinder } from "../policy/suspensionLimits.ts";
import type { Decision } from "../provisioning/decision.ts";
import { type Outcome, withoutOutcome } from "../provisioning/outcome.ts";
import type { PerformedCall } from "../provisioning/performCalls.ts";
import { processBatch } from "../provisioning/processBatch.ts";
import { pausedText } from "../provisioning/stops/setAsidePaused.ts";
import {
  type FinishedMessage,
  type QueueMessage,
  toBatchItemResults,
  toQueueMessage,
} from "../queue/batchResponse.ts";
import { dynamoLotMemory } from "../queue/dynamo/dynamoLotMemory.ts";
import { type Lot, processInLots } from "../queue/lots.ts";
import { deleteMessages } from "../queue/sqs/deleteMessages.ts";
import { finishBatch } from "../queue/sqs/finishBatch.ts";
import { dynamoPauseStore } from "../safeguard/dynamo/dynamoPauseStore.ts";
import { dynamoSafeguardStore } from "../safeguard/dynamo/dynamoSafeguardStore.ts";
import { findPause, watchPauses } from "../safeguard/pauses.ts";
import { observe, observedHandler, publishMeasurements } from "./observe.ts";
import { directoryOptions, ledgerTable, sqsClient } from "./serviceClients.ts";
import { callBudget, readSettings } from "./settings.ts";

// The composition root of the four pipelines' functions. All of this lives as long as the execution environment.
const settings = readSettings(process.env);
const pipeline = settings.PIPELINE;
const observation = observe(settings, { pipeline });
const { logger, metrics } = observation;
const table = ledgerTable(settings.TABLE_NAME);
const policy = readPolicy(settings.POLICY_FILE);
const pauses = watchPauses(dynamoPauseStore(table), Date.now);
const { directory } = openDirectories(policy.accounts, directoryOptions);
const batchContext = {
  pipeline: pipelines[pipeline],
  rules: toPolicyRules(policy),
  accounts: accountCache(Date.now),
  scans: scanMemory(Date.now),
  ledger: dynamoLedger(table),
  observations: dynamoObservations(table),
  pending: dynamoPendingStore(table),
  identities: dynamoIdentityCache(table, (error) =>
    logger.warn({ message: "the identity cache failed; the directory is asked instead", error }),
  ),
  forgotten: dynamoForgottenPeople(table),
  safeguard: {
    store: dynamoSafeguardStore(table),
    limitsOf: limitsFinder(policy),
    onFault: (error: unknown) =>
      logger.warn({
        message: "the safeguard counts suspensions that did not happen until its window has passed",
        error,
      }),
  },
  pauses,
  clock: Date.now,
  concurrency: 4,
};
const finishContext = {
  sqs: sqsClient(),
  pipeline,
  queueUrl: settings.QUEUE_URL,
  deadLetterQueueUrl: settings.DEAD_LETTER_QUEUE_URL,
  now: Date.now,
  random: Math.random,
};

const onLotFault = (error: unknown) =>
  logger.warn({ message: "what earlier invocations did not finish is not known or not noted", error });
const lotMemory = dynamoLotMemory(table, pipeline, onLotFault);

/** Processes one batch of a pipeline's queue. */
async function handle(event: SQSEvent, context: Context) {
  const messages = event.Records.map(toQueueMessage);
  const budget = callBudget(() => context.getRemainingTimeInMillis());
  const lease = leaseOf(context, context.awsRequestId);
  let lots = 0;
  const outcomes = await processInLots(messages, {
    memory: lotMemory,
    lease,
    hasTime: () => budget() !== undefined,
    process: (lot) => {
      // A name for each: what an earlier lot has called may still be under way, and its claim must hold back the next lot too.
      lots += 1;
      return processLot(lot, { budget, lease: leaseOf(context, `${context.awsRequestId}#${lots}`) });
    },
    acknowledge: async (done) => {
      const { errors } = await deleteMessages(done, { sqs: finishContext.sqs, url: settings.QUEUE_URL });
      for (const error of errors) logger.error({ message: "SQS refused a batch", error });
    },
    onFault: onLotFault,
  });
  return toBatchItemResults(outcomes);
}

/** Processes the messages of a lot together, unless their outcome is clear, and finishes them. */
async function processLot(
  { messages, outcome }: Lot<QueueMessage>,
  { budget, lease }: { budget: Budget; lease: Lease },
): Promise<Outcome[]> {
  const startedAt = Date.now();
  const watched = watchCalls(directory);
  const processed =
    outcome === undefined
      ? await processBatch(messages, {
          ...batchContext,
          directory: stopCalls(watched.directory, whyPaused),
          budget,
          lease,
        })
      : { outcomes: messages.map(() => outcome), decisions: [], calls: [] };
  const batch = messages.map((message, index) => ({
    message,
    outcome: processed.outcomes[index] ?? withoutOutcome,
  }));
  // This invocation was given up, and goes on because its process was thawed: its messages have come again.
  if (Date.now() >= lease.until)
    throw new Error("the invocation's time was over before its messages were finished");
  const { finished, errors } = await finishBatch(batch, finishContext);
  const decided = finished.map((each, index) => ({ ...each, decision: processed.decisions[index] }));
  for (const error of errors) logger.error({ message: "SQS refused a batch", error });
  report(decided, processed.calls, Date.now() - startedAt);
  measure(decided, watched.calls);
  return decided.map((each) => each.outcome);
}

/** A pause stops the calls of a batch that is under way too. */
async function whyPaused(account: string): Promise<string | undefined> {
  const pause = findPause(await pauses.recent(), { pipeline, account });
  return pause && pausedText(pause);
}

/** The claims of an invocation end when Lambda must have ended it. */
function leaseOf(context: Context, owner: string): Lease {
  const now = Date.now();
  return { owner, now, until: now + context.getRemainingTimeInMillis() };
}

interface DecidedMessage extends FinishedMessage {
  decision: Decision | undefined;
}

/** Writes the log lines of a batch. A line that cannot be made must not bring back messages that are finished. */
function report(
  decided: readonly DecidedMessage[],
  calls: readonly PerformedCall[],
  milliseconds: number,
): void {
  try {
    for (const failure of describeFailures(pipeline, decided)) logger.warn(failure);
    for (const early of describeFromTheFuture(pipeline, decided)) logger.warn(early);
    for (const dropped of describeDroppedTexts(pipeline, decided)) logger.warn(dropped);
    for (const leaver of describeExcludedLeavers(pipeline, decided)) logger.info(leaver);
    logger.info({ ...describeInvocation(pipeline, decided, calls, milliseconds) });
  } catch (error) {
    logger.error({ message: "the batch's log lines could not be written", error });
  }
}

/** Writes the metrics. If that fails it is only logged, because the outcomes of the messages do not depend on it. */
function measure(decided: readonly DecidedMessage[], calls: readonly WatchedCall[]): void {
  try {
    const messages = decided.map(({ message: { receivedAt }, outcome, decision }) => ({
      kind: outcome.kind,
      receivedAt,
      decision,
      ...("code" in outcome && { code: outcome.code }),
      ...(outcome.kind === "deferred" && { code: outcome.because }),
    }));
    publishMeasurements(measureBatch({ messages, calls, now: Date.now() }), metrics);
  } catch (error) {
    logger.error({ message: "the metrics could not be written", error });
  }
}

/**
 * Reports batch item failures, which the middleware makes of what `handle` returns. If `handle` throws or runs out of time,
 * every message of the batch is one, and the line written here is the only trace of why.
 */
export const handler = observedHandler(handle, observation, 2_000)
  .use(sqsPartialBatchFailure({ logger: () => undefined }))
  .onError(({ error }) => {
    logger.error({ message: "the batch failed as a whole and comes again", pipeline, error });
    publishMeasurements([failedBatch], metrics);
  });
