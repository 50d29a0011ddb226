import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent } from "aws-lambda";
import type { Directory } from "../../src/directory/directory.ts";
import { accountCache, scanMemory } from "../../src/directory/directoryCache.ts";
import { callBudget } from "../../src/lambda/settings.ts";
import { type ForgottenPeople, memoryForgottenPeople } from "../../src/ledger/forgottenPeople.ts";
import type { IdentityCache, Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger, memoryObservations, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache, memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import type { PendingStore } from "../../src/ledger/pendingStore.ts";
import type { Observations } from "../../src/ledger/trialObservations.ts";
import { isPipelineName, type Pipeline, pipelines } from "../../src/pipelineSettings.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { limitsFinder } from "../../src/policy/suspensionLimits.ts";
import { processBatch } from "../../src/provisioning/processBatch.ts";
import { toBatchItemResults, toQueueMessage } from "../../src/queue/batchResponse.ts";
import { memoryPauseStore, type PauseWatch, watchPauses } from "../../src/safeguard/pauses.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import { benchPolicy } from "../scenarios/people.ts";

export interface RollcallPorts {
  directory: Directory;
  ledger: Ledger;
  observations: Observations;
  pending: PendingStore;
  identities: IdentityCache;
  pauses: Pick<PauseWatch, "read">;
  forgotten: ForgottenPeople;
}

/**
 * Rollcall's function on ports of the bench's choice. What `src/lambda/provisioningHandler.ts` does besides is left out, as the
 * others have nothing like it: the log, and the calls of SQS for back-off and dead letters.
 */
export function rollcallHandler(ports: RollcallPorts) {
  const lasting = {
    ...ports,
    rules: toPolicyRules(benchPolicy),
    accounts: accountCache(Date.now),
    scans: scanMemory(Date.now),
    safeguard: {
      store: memorySafeguardStore(),
      limitsOf: limitsFinder(benchPolicy),
      onFault: () => undefined,
    },
    clock: Date.now,
    concurrency: 4,
  };
  const handle = middy(async (event: SQSEvent, context: Context) => {
    const now = Date.now();
    const remaining = () => context.getRemainingTimeInMillis();
    const { outcomes } = await processBatch(event.Records.map(toQueueMessage), {
      ...lasting,
      pipeline: pipelineOf(event),
      budget: callBudget(remaining),
      lease: { owner: context.awsRequestId, now, until: now + remaining() },
    });
    return toBatchItemResults(outcomes);
  }).use(sqsPartialBatchFailure({ logger: () => undefined }));
  return async (event: SQSEvent, context: Context): Promise<unknown> => handle(event, context);
}

/** In the service each pipeline has a function of its own; here the queue's name tells. */
function pipelineOf({ Records: [first] }: SQSEvent): Pipeline {
  const name = first?.eventSourceARN.split(":").at(-1);
  if (!isPipelineName(name)) throw new Error(`expected records of a pipeline's queue, got ${name}`);
  return pipelines[name];
}

/** A ledger that remembers nothing yet, in memory. */
export function memoryPorts() {
  const store = memoryStore();
  return {
    ledger: memoryLedger(store),
    observations: memoryObservations(store),
    pending: memoryPendingStore(store),
    identities: memoryIdentityCache(store),
    pauses: watchPauses(memoryPauseStore(), Date.now),
    forgotten: memoryForgottenPeople(),
  };
}
