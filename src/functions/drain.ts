import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent } from "aws-lambda";
import { accountCache } from "../directory/accountCache.ts";
import { chimeClients } from "../directory/chime/chimeClients.ts";
import { chimeDirectory } from "../directory/chime/chimeDirectory.ts";
import { drain } from "../drain/drain.ts";
import { report, unsettled } from "../drain/report.ts";
import { dynamoIdentityCache } from "../ledger/dynamo/dynamoIdentityCache.ts";
import { dynamoLedger } from "../ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../ledger/dynamo/dynamoPendingStore.ts";
import type { Lease } from "../ledger/ledger.ts";
import { pipelines } from "../pipelines.ts";
import { accountFinder } from "../policy/accountFinder.ts";
import { readPolicy } from "../policy/readPolicy.ts";
import { limitsFinder } from "../policy/suspensionLimits.ts";
import { toQueueMessage } from "../queue/queueMessage.ts";
import { release } from "../queue/release.ts";
import { dynamoSafeguardStore } from "../safeguard/dynamo/dynamoSafeguardStore.ts";
import { callBudget } from "./callBudget.ts";
import { clientTimeouts } from "./clientTimeouts.ts";
import { describeCrash, describeFailures, describeInvocation } from "./describeInvocation.ts";
import { readSettings } from "./readSettings.ts";
import { writeLog } from "./writeLog.ts";

// The composition root of the four functions. What stands here lives as long as the execution environment.
const settings = readSettings(process.env);
const pipeline = settings.PIPELINE;
const dynamo = new DynamoDBClient({ maxAttempts: 3, requestHandler: clientTimeouts });
const table = { dynamo, tableName: settings.TABLE_NAME };
const policy = readPolicy(settings.POLICY_FILE);
const drainContext = {
  pipeline: pipelines[pipeline],
  findAccount: accountFinder(policy),
  directory: chimeDirectory(chimeClients()),
  accounts: accountCache(Date.now),
  pagesOfAccount: new Map<string, number>(),
  ledger: dynamoLedger(table),
  pending: dynamoPendingStore(table),
  identities: dynamoIdentityCache(table, (error) =>
    writeLog({
      level: "warn",
      message: "the identity cache failed; the directory is asked instead",
      error: String(error),
    }),
  ),
  safeguard: {
    store: dynamoSafeguardStore(table),
    limitsOf: limitsFinder(policy),
    onFault: (error: unknown) =>
      writeLog({
        level: "warn",
        message: "suspensions that did not happen stay counted by the safeguard until its window has passed",
        error: String(error),
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

async function handle(event: SQSEvent, context: Context) {
  const startedAt = Date.now();
  const messages = event.Records.map(toQueueMessage);
  const budget = callBudget(() => context.getRemainingTimeInMillis());
  const lease = leaseOf(context, startedAt);
  const { outcomes, calls } = await drain(messages, { ...drainContext, budget, lease });
  const batch = messages.map((message, index) => ({ message, outcome: outcomes[index] ?? unsettled }));
  const { released, errors } = await release(batch, releaseContext);
  for (const failure of describeFailures(pipeline, released)) writeLog(failure);
  for (const error of errors)
    writeLog({ level: "error", message: "SQS refused a batch", error: String(error) });
  writeLog(describeInvocation(pipeline, released, calls, Date.now() - startedAt));
  return report(released.map(({ outcome }) => outcome));
}

/** The claims of an invocation end when Lambda must have ended it. */
function leaseOf(context: Context, now: number): Lease {
  return { owner: context.awsRequestId, now, until: now + context.getRemainingTimeInMillis() };
}

/** Before Lambda kills the function there has to be time to say so and to answer. */
const timeoutEarlyInMillis = 500;

/**
 * Drains one batch. The middleware turns what `handle` returns into the batch item failures; if `handle` throws or
 * runs out of time, every message of the batch is one, and the only trace of why is the line written here.
 */
export const handler = middy(handle, { timeoutEarlyInMillis })
  .use(sqsPartialBatchFailure({ logger: () => undefined }))
  .onError(({ error }) => writeLog(describeCrash(pipeline, error)));
