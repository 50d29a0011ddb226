import * as z from "zod";
import type { RuleTarget } from "../eventbridge/eventModel.ts";
import {
  integer,
  physicalName,
  type ResourceType,
  type ResourceView,
  readProperties,
} from "./resourceType.ts";
import type { RuleModel } from "./stackModel.ts";
import { arnOf, TemplateError } from "./templateDocument.ts";

const busProperties = z.strictObject({ Name: z.string() });

/** Ignored: encryption, logging and tags. The bus's own policy concerns other accounts only. */
const ignoredBusProperties = ["Description", "KmsKeyIdentifier", "LogConfig", "Policy", "Tags"];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-events-eventbus.html */
export const eventBusType: ResourceType = {
  ref: busName,
  attributes: { Arn: busArn, Name: busName },
  read: (resource) => {
    const { Name: name } = readProperties(resource, busProperties, ignoredBusProperties);
    return { kind: "bus", bus: { logicalId: resource.logicalId, name, arn: busArn(resource) } };
  },
};

function busName(resource: ResourceView): string {
  return physicalName(resource, "Name");
}

function busArn(resource: ResourceView): string {
  return arnOf(resource.context, "events", `event-bus/${busName(resource)}`);
}

const target = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  Input: z.string().refine(isJson, "expected a valid JSON text").optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
  // The age limit is accepted and has no effect: a local run ends long before the shortest one, a minute.
  RetryPolicy: z
    .strictObject({ MaximumRetryAttempts: integer.optional(), MaximumEventAgeInSeconds: integer.optional() })
    .optional(),
});

const ruleProperties = z.strictObject({
  Name: z.string().optional(),
  EventBusName: z.string().optional(),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  Targets: z.array(target).default([]),
});

const ignoredRuleProperties = ["Description", "RoleArn", "Tags"];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-events-rule.html */
export const ruleType: ResourceType = {
  // On a custom bus, Ref returns both names with a pipe between them, whatever the documentation says.
  ref: (resource) =>
    busNameOf(resource) === "default" ? ruleName(resource) : `${busNameOf(resource)}|${ruleName(resource)}`,
  attributes: { Arn: ruleArn },
  read: (resource) => ({ kind: "rule", rule: readRule(resource) }),
};

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function ruleName(resource: ResourceView): string {
  return physicalName(resource, "Name");
}

function busNameOf(resource: ResourceView): string {
  const nameOrArn = resource.property("EventBusName");
  return typeof nameOrArn === "string" ? nameOrArn.replace(/^arn:.*:event-bus\//, "") : "default";
}

/** The ARN of a rule contains the bus's name, unless it is the default bus. */
function ruleArn(resource: ResourceView): string {
  const bus = busNameOf(resource);
  return arnOf(resource.context, "events", `rule/${bus === "default" ? "" : `${bus}/`}${ruleName(resource)}`);
}

function readRule(resource: ResourceView): RuleModel {
  const rule = readProperties(resource, ruleProperties, ignoredRuleProperties);
  const { EventPattern: pattern, ScheduleExpression: schedule } = rule;
  const place = [...resource.place, "Properties"];
  if (pattern === undefined && schedule === undefined) {
    throw new TemplateError(place, "expected an EventPattern, a ScheduleExpression or both.");
  }
  if (schedule !== undefined && busNameOf(resource) !== "default") {
    throw new TemplateError([...place, "EventBusName"], "expected the default bus: only it runs schedules.");
  }
  return {
    logicalId: resource.logicalId,
    name: ruleName(resource),
    arn: ruleArn(resource),
    busName: busNameOf(resource),
    enabled: rule.State === "ENABLED",
    ...(pattern && { pattern }),
    ...(schedule !== undefined && { schedule }),
    targets: rule.Targets.map(toTarget),
  };
}

function toTarget({ Id, Arn, Input, DeadLetterConfig, RetryPolicy }: z.output<typeof target>): RuleTarget {
  const maximumRetryAttempts = RetryPolicy?.MaximumRetryAttempts;
  return {
    id: Id,
    arn: Arn,
    ...(DeadLetterConfig && { deadLetterArn: DeadLetterConfig.Arn }),
    ...(Input !== undefined && { input: Input }),
    ...(maximumRetryAttempts !== undefined && { maximumRetryAttempts }),
  };
}
