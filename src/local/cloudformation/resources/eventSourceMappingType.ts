import * as z from "zod";
import type { MappingModel } from "../stackModel.ts";
import { arnOf } from "../templateContext.ts";
import { TemplateError } from "../templateError.ts";
import { flag, integer, readProperties } from "./readProperties.ts";
import type { ResourceType, ResourceView } from "./resourceType.ts";

const properties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: integer.pipe(z.number().min(1).max(10_000)).default(10),
  MaximumBatchingWindowInSeconds: integer.pipe(z.number().max(300)).default(0),
  ScalingConfig: z
    .strictObject({ MaximumConcurrency: integer.pipe(z.number().min(2).max(1000)).optional() })
    .optional(),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  Enabled: flag.default(true),
});

const ignored = ["MetricsConfig", "Tags"];

/** More records than this are gathered only while a window is open. */
const largestBatchWithoutWindow = 10;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-eventsourcemapping.html */
export const eventSourceMappingType: ResourceType = {
  attributes: {},
  read: (resource) => ({ kind: "mapping", mapping: readMapping(resource) }),
};

function readMapping(resource: ResourceView): MappingModel {
  const mapping = readProperties(resource, properties, ignored);
  const { BatchSize: batchSize, MaximumBatchingWindowInSeconds: windowSeconds, ScalingConfig } = mapping;
  const place = [...resource.place, "Properties"];
  if (!/^arn:[^:]+:sqs:/.test(mapping.EventSourceArn)) {
    throw new TemplateError(
      [...place, "EventSourceArn"],
      "expected an SQS queue: no other source is modelled.",
    );
  }
  if (batchSize > largestBatchWithoutWindow && windowSeconds === 0) {
    throw new TemplateError(
      [...place, "BatchSize"],
      `${batchSize} records need a MaximumBatchingWindowInSeconds of at least 1, or AWS refuses the mapping.`,
    );
  }
  const maximumConcurrency = ScalingConfig?.MaximumConcurrency;
  return {
    logicalId: resource.logicalId,
    queueArn: mapping.EventSourceArn,
    functionArn: toFunctionArn(mapping.FunctionName, resource),
    batchSize,
    windowSeconds,
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    reportBatchItemFailures: mapping.FunctionResponseTypes.length > 0,
    enabled: mapping.Enabled,
  };
}

function toFunctionArn(nameOrArn: string, { context }: ResourceView): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : arnOf(context, "lambda", `function:${nameOrArn}`);
}
