import { mayDeliver } from "../cloudformation/policy/mayDeliver.ts";
import type { StackModel } from "../cloudformation/stackModel.ts";
import { sqsTarget } from "../eventbridge/delivery/sqsTarget.ts";
import { type EventBridgeServer, startEventBridge } from "../eventbridge/eventBridgeServer.ts";
import type { BusFaults } from "../eventbridge/faults.ts";
import type { SqsServer } from "../sqs/startSqs.ts";
import { eventOrigin } from "./emulatedAccount.ts";

/** Starts the template's buses and rules, which deliver to its queues as far as the queues' policies allow. */
export function startBus(
  model: StackModel,
  { client, queueUrl }: SqsServer,
  faults: BusFaults | undefined,
): Promise<EventBridgeServer> {
  const queues = new Map(model.queues.map((queue) => [queue.arn, queue]));
  return startEventBridge({
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
  });
}

function partnerBuses({ rules }: StackModel): string[] {
  return rules.map(({ busName }) => busName).filter((name) => name.startsWith("aws.partner/"));
}
