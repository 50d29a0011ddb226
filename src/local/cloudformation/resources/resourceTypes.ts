import { eventBusType } from "./eventBusType.ts";
import { eventSourceMappingType } from "./eventSourceMappingType.ts";
import { functionType } from "./functionType.ts";
import { functionUrlType } from "./functionUrlType.ts";
import { queuePolicyType } from "./queuePolicyType.ts";
import { queueType } from "./queueType.ts";
import type { ResourceType } from "./resourceType.ts";
import { ruleType } from "./ruleType.ts";
import { tableType } from "./tableType.ts";

/** All that the embedded stack models. What is not here ends up in the model's `notModelled`. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::DynamoDB::Table": tableType,
  "AWS::Events::EventBus": eventBusType,
  "AWS::Events::Rule": ruleType,
  "AWS::Lambda::EventSourceMapping": eventSourceMappingType,
  "AWS::Lambda::Function": functionType,
  "AWS::Lambda::Url": functionUrlType,
  "AWS::SQS::Queue": queueType,
  "AWS::SQS::QueuePolicy": queuePolicyType,
};

export function resourceTypeOf(type: string): ResourceType | undefined {
  return Object.hasOwn(resourceTypes, type) ? resourceTypes[type] : undefined;
}
