import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent } from "aws-lambda";
import { accountCache } from "../../src/directory/accountCache.ts";
import type { Directory } from "../../src/directory/directory.ts";
import { scanMemory } from "../../src/directory/scanMemory.ts";
import { drain } from "../../src/drain/drain.ts";
import { report } from "../../src/drain/report.ts";
import { callBudget } from "../../src/functions/callBudget.ts";
import type { IdentityCache } from "../../src/ledger/identityCache.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { PendingStore } from "../../src/ledger/pendingStore.ts";
import { isPipelineName, type Pipeline, pipelines } from "../../src/pipelines.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { limitsFinder } from "../../src/policy/suspensionLimits.ts";
import { toQueueMessage } from "../../src/queue/queueMessage.ts";
import { memorySafeguardStore } from "../../src/safeguard/memory/memorySafeguardStore.ts";
import { benchPolicy } from "../scenarios/people.ts";

export interface RollcallPorts {
  directory: Directory;
  ledger: Ledger;
  pending: PendingStore;
  identities: IdentityCache;
}

/**
 * Rollcall's function on ports of the bench's choice. What `src/functions/drain.ts` does besides is left out, as the
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
    const { outcomes } = await drain(event.Records.map(toQueueMessage), {
      ...lasting,
      pipeline: pipelineOf(event),
      budget: callBudget(remaining),
      lease: { owner: context.awsRequestId, now, until: now + remaining() },
    });
    return report(outcomes);
  }).use(sqsPartialBatchFailure({ logger: () => undefined }));
  return async (event: SQSEvent, context: Context): Promise<unknown> => handle(event, context);
}

/** In the service each pipeline has a function of its own; here the queue's name tells. */
function pipelineOf({ Records: [first] }: SQSEvent): Pipeline {
  const name = first?.eventSourceARN.split(":").at(-1);
  if (!isPipelineName(name)) throw new Error(`expected records of a pipeline's queue, got ${name}`);
  return pipelines[name];
}
