import type { MappingModel, QueueModel, StackModel } from "./stackModel.ts";
import { TemplateError } from "./templateError.ts";

/** What AWS would refuse at deployment because two resources do not go together. Throws a TemplateError. */
export function checkModel(model: StackModel): void {
  for (const queue of model.queues) checkRedrive(queue, model);
  for (const mapping of model.mappings) checkMapping(mapping, model);
  for (const rule of model.rules) {
    // A partner's bus is made with its own source, by whoever accepts that, and by no template of ours.
    const isGiven = rule.busName === "default" || rule.busName.startsWith("aws.partner/");
    const isKnown = isGiven || model.buses.some(({ name }) => name === rule.busName);
    if (!isKnown) {
      throw new TemplateError(
        [rule.logicalId, "Properties", "EventBusName"],
        `no bus is named ${rule.busName}.`,
      );
    }
  }
}

function checkRedrive({ logicalId, redrive }: QueueModel, { queues }: StackModel): void {
  if (redrive === undefined || queues.some(({ arn }) => arn === redrive.deadLetterArn)) return;
  throw new TemplateError(
    [logicalId, "Properties", "RedrivePolicy", "deadLetterTargetArn"],
    `expected a queue of this template, got ${redrive.deadLetterArn}.`,
  );
}

function checkMapping(mapping: MappingModel, { queues, functions }: StackModel): void {
  const queue = queues.find(({ arn }) => arn === mapping.queueArn);
  const target = functions.find(({ arn }) => arn === mapping.functionArn);
  const place = [mapping.logicalId, "Properties"];
  if (queue === undefined) {
    throw new TemplateError([...place, "EventSourceArn"], `no queue has the ARN ${mapping.queueArn}.`);
  }
  if (target === undefined) {
    throw new TemplateError([...place, "FunctionName"], `no function has the ARN ${mapping.functionArn}.`);
  }
  if (queue.visibilityTimeoutSeconds < target.timeoutSeconds) {
    throw new TemplateError(
      [queue.logicalId, "Properties", "VisibilityTimeout"],
      `${queue.visibilityTimeoutSeconds} s is less than the ${target.timeoutSeconds} s of ${target.logicalId}, so AWS refuses the mapping.`,
    );
  }
}
