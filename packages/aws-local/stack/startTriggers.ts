import { mayDeliver } from "../cloudformation/mayDeliver.ts";
import type { StackModel } from "../cloudformation/stackModel.ts";
import { type EventBridgeServer, startEventBridge } from "../eventbridge/eventBridgeServer.ts";
import type { BusFaults } from "../eventbridge/eventModel.ts";
import { type Scheduler, startScheduler } from "../eventbridge/scheduler.ts";
import { sqsTarget } from "../eventbridge/sqsTarget.ts";
import {
  type EventSourceMapping,
  startEventSourceMapping,
} from "../eventSourceMapping/eventSourceMapping.ts";
import type { Lambda } from "../lambda/startLambda.ts";
import { eventOrigin } from "../localAccount.ts";
import type { SqsServer } from "../sqs/startSqs.ts";
import type { StackOptions } from "./stack.ts";

/** Starts the template's buses and rules, which deliver to its queues if the queues' policies allow it. */
export function startBus(
  model: StackModel,
  { client, queueUrl }: SqsServer,
  faults: BusFaults | undefined,
  port: number | undefined,
): Promise<EventBridgeServer> {
  const queues = new Map(model.queues.map((queue) => [queue.arn, queue]));
  return startEventBridge(
    {
      busNames: [...new Set([...model.buses.map(({ name }) => name), ...partnerBuses(model)])],
      rules: model.rules,
      origin: eventOrigin,
      deliver: sqsTarget({
        client,
        queueUrl: (arn) => {
          const queue = queues.get(arn);
          return queue && queueUrl(queue.name);
        },
        mayDeliver: (request) => mayDeliver(queues.get(request.queueArn)?.policy, request),
      }),
      ...(faults && { faults }),
    },
    port,
  );
}

function partnerBuses({ rules }: StackModel): string[] {
  return rules.map(({ busName }) => busName).filter((name) => name.startsWith("aws.partner/"));
}

interface Ends {
  model: StackModel;
  sqs: SqsServer;
  functions: ReadonlyMap<string, Lambda>;
}

/** Starts one of the template's event source mappings. */
export function startMapping(
  mapping: StackModel["mappings"][number],
  { model, sqs, functions }: Ends,
  { onBatch, onProblem }: StackOptions,
): Promise<EventSourceMapping> {
  const { queueArn, functionArn, maximumConcurrency } = mapping;
  const queue = model.queues.find(({ arn }) => arn === queueArn);
  const lambda = functions.get(model.functions.find(({ arn }) => arn === functionArn)?.name ?? "");
  if (queue === undefined || lambda === undefined) {
    throw new Error(
      `${mapping.logicalId} maps ${queueArn} to ${functionArn}; expected both in the template. Add the missing one.`,
    );
  }
  return startEventSourceMapping({
    client: sqs.client,
    queueUrl: sqs.queueUrl(queue.name),
    lambda,
    onProblem,
    onBatch: (report) => onBatch?.({ ...report, functionName: lambda.name }),
    batchSize: mapping.batchSize,
    batchingWindowSeconds: mapping.windowSeconds,
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    reportsBatchItemFailures: mapping.reportBatchItemFailures,
  });
}

/** Starts the template's scheduled rules, which invoke its functions. */
export function startSchedules(
  model: StackModel,
  functions: ReadonlyMap<string, Lambda>,
  { onProblem, timer }: StackOptions,
): Scheduler {
  const nameOf = new Map(model.functions.map(({ arn, name }) => [arn, name]));
  return startScheduler({
    rules: model.rules,
    origin: eventOrigin,
    invoke: async ({ arn }, event) => {
      const lambda = functions.get(nameOf.get(arn) ?? "");
      if (lambda === undefined)
        throw new Error(`the schedule's target ${arn} is no function of the template; name one of them`);
      const invocation = await lambda.invoke(event);
      if (invocation.kind !== "response")
        throw new Error(`the scheduled invocation of ${lambda.name} ended as ${JSON.stringify(invocation)}`);
    },
    onFailure: ({ ruleArn, error }) => onProblem(`${ruleArn}: ${String(error)}`),
    ...(timer && { timer }),
  });
}
