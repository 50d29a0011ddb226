import { eventBusType, ruleType } from "./eventBridgeResources.ts";
import { eventSourceMappingType, functionType, functionUrlType } from "./lambdaResources.ts";
import { queuePolicyType, queueType } from "./queueResources.ts";
import type { ResourceType } from "./resourceType.ts";
import { tableType } from "./tableResource.ts";

/** The resource types that the embedded stack models. All others are listed in the model's `notModelled`. */
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
