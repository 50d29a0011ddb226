import { createScope, type TemplateScope } from "./createScope.ts";
import { resolveValue } from "./intrinsics.ts";
import type { ModelPart } from "./resourceType.ts";
import type { MappingModel, QueueModel, StackModel } from "./stackModel.ts";
import { resourceTypeOf } from "./supportedResources.ts";
import {
  NotModelledError,
  type Place,
  parseTemplate,
  type Template,
  type TemplateContext,
  TemplateError,
} from "./templateDocument.ts";

/**
 * Reads a CloudFormation template (parsed JSON, as `serverless package` writes it) into the model of a embedded stack.
 * It throws a TemplateError with the place for anything that it cannot resolve or does not support. Resources of
 * other types are listed in `notModelled`.
 */
export function readTemplate(value: unknown, context: TemplateContext): StackModel {
  const template = parseTemplate(value);
  const scope = createScope(template, context);
  const model = emptyModel();
  const parts: ModelPart[] = [];
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    if (!isPresent(resource.Condition, logicalId, scope)) continue;
    const type = resourceTypeOf(resource.Type);
    if (type === undefined) model.notModelled.push({ logicalId, type: resource.Type });
    else parts.push(type.read(scope.view(logicalId, resource)));
  }
  for (const part of parts) addResource(model, part);
  // These refer to queues and functions that may stand further down in the template.
  for (const part of parts) attach(model, part, context);
  readOutputs(model, template, scope);
  checkModel(model);
  return model;
}

function emptyModel(): StackModel {
  return {
    queues: [],
    buses: [],
    rules: [],
    functions: [],
    mappings: [],
    tables: [],
    outputs: {},
    notModelled: [],
  };
}

function isPresent(condition: string | undefined, logicalId: string, scope: TemplateScope): boolean {
  return condition === undefined || scope.condition(condition, [logicalId, "Condition"]);
}

function addResource(model: StackModel, part: ModelPart): void {
  switch (part.kind) {
    case "queue":
      model.queues.push(part.queue);
      break;
    case "bus":
      model.buses.push(part.bus);
      break;
    case "rule":
      model.rules.push(part.rule);
      break;
    case "function":
      model.functions.push(part.function);
      break;
    case "mapping":
      model.mappings.push(part.mapping);
      break;
    case "table":
      model.tables.push(part.table);
      break;
    case "queuePolicy":
    case "functionUrl":
      break;
  }
}

function attach(model: StackModel, part: ModelPart, context: TemplateContext): void {
  if (part.kind === "functionUrl") {
    const owner = model.functions.find(({ arn }) => arn === part.functionArn);
    if (owner === undefined) throw unknownOwner(part.place, "function", part.functionArn);
    owner.url = { authType: part.authType };
  }
  if (part.kind !== "queuePolicy") return;
  for (const url of part.queueUrls) {
    const queue = model.queues.find(({ name }) => context.queueUrl(name) === url);
    if (queue === undefined) throw unknownOwner(part.place, "queue", url);
    if (queue.policy !== undefined) {
      const problem = `${queue.logicalId} has a policy already, and SQS would keep only one of the two.`;
      throw new TemplateError(part.place, problem);
    }
    queue.policy = part.policy;
  }
}

function unknownOwner(place: Place, kind: string, name: string): TemplateError {
  return new TemplateError(place, `expected a ${kind} of this template, got ${name}.`);
}

/**
 * Reads the outputs. An output that refers to something not modelled is no error, because nothing here depends on it.
 */
function readOutputs(model: StackModel, template: Template, scope: TemplateScope): void {
  for (const [name, output] of Object.entries(template.Outputs)) {
    const place = ["Outputs", name];
    if (output.Condition !== undefined && !scope.condition(output.Condition, place)) continue;
    try {
      model.outputs[name] = resolveValue(output.Value, [...place, "Value"], scope);
    } catch (error) {
      if (!(error instanceof NotModelledError)) throw error;
      model.notModelled.push({ logicalId: name, type: "Output" });
    }
  }
}

/** Checks that resources fit together, as AWS does at deployment. Throws a TemplateError. */
function checkModel(model: StackModel): void {
  for (const queue of model.queues) checkRedrive(queue, model);
  for (const mapping of model.mappings) checkMapping(mapping, model);
  for (const rule of model.rules) {
    // No template creates a partner's event bus: an operator does, by accepting the partner's event source.
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
