import type { QueueModel, StackModel } from "../cloudformation/stackModel.ts";

/** The queues that other queues, or targets of rules, send their dead letters to. */
export function deadLetterQueues(model: StackModel): QueueModel[] {
  const arns = deadLetterArns(model);
  return model.queues.filter(({ arn }) => arns.has(arn));
}

/** All other queues. */
export function sourceQueues(model: StackModel): QueueModel[] {
  const arns = deadLetterArns(model);
  return model.queues.filter(({ arn }) => !arns.has(arn));
}

function deadLetterArns({ queues, rules }: StackModel): Set<string | undefined> {
  return new Set([
    ...queues.map(({ redrive }) => redrive?.deadLetterArn),
    ...rules.flatMap(({ targets }) => targets.map(({ deadLetterArn }) => deadLetterArn)),
  ]);
}
