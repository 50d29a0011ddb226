import { devAccount } from "../../../../dev/service/devAccount.ts";
import type { QueueModel } from "../../../../packages/aws-local/cloudformation/stackModel.ts";

let queues = 0;

/** A queue of the template that no other test uses; a test names what it is about. */
export function aQueue(given: Partial<Omit<QueueModel, "name" | "arn">> = {}): QueueModel {
  queues += 1;
  const name = `queue-${queues}`;
  return {
    logicalId: `Queue${queues}`,
    name,
    arn: arnOf(name),
    visibilityTimeoutSeconds: 30,
    messageRetentionSeconds: 345_600,
    delaySeconds: 0,
    receiveWaitSeconds: 0,
    ...given,
  };
}

export function arnOf(queueName: string): string {
  return `arn:aws:sqs:${devAccount.region}:${devAccount.accountId}:${queueName}`;
}
