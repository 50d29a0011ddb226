import * as z from "zod";
import {
  flag,
  integer,
  physicalName,
  type ResourceType,
  type ResourceView,
  readProperties,
  text,
} from "./resourceType.ts";
import type { FunctionModel, MappingModel } from "./stackModel.ts";
import { arnOf, NotModelledError, TemplateError } from "./templateDocument.ts";

const functionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  Handler: z.string(),
  Timeout: integer.default(3),
  MemorySize: integer.default(128),
  Environment: z.strictObject({ Variables: z.record(z.string(), text).default({}) }).optional(),
  Code: z.strictObject({ S3Key: z.string() }),
  ReservedConcurrentExecutions: integer.optional(),
});

/**
 * Ignored: the role is not modelled, tracing and logging have no effect here, and the installed Node.js runs the
 * code.
 */
const ignoredFunctionProperties = [
  "Architectures",
  "Code.S3Bucket",
  "Code.S3ObjectVersion",
  "Description",
  "EphemeralStorage",
  "KmsKeyArn",
  "LoggingConfig",
  "RecursiveLoop",
  "Role",
  "Runtime",
  "RuntimeManagementConfig",
  "Tags",
  "TracingConfig",
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html */
export const functionType: ResourceType = {
  ref: functionName,
  attributes: { Arn: functionArn },
  read: (resource) => ({ kind: "function", function: readFunction(resource) }),
};

function functionName(resource: ResourceView): string {
  return physicalName(resource, "FunctionName");
}

function functionArn(resource: ResourceView): string {
  return arnOf(resource.context, "lambda", `function:${functionName(resource)}`);
}

function readFunction(resource: ResourceView): FunctionModel {
  const read = readProperties(resource, functionProperties, ignoredFunctionProperties);
  const { ReservedConcurrentExecutions: reservedConcurrency } = read;
  return {
    logicalId: resource.logicalId,
    name: functionName(resource),
    arn: functionArn(resource),
    handler: read.Handler,
    timeoutSeconds: read.Timeout,
    memoryMegabytes: read.MemorySize,
    environment: read.Environment?.Variables ?? {},
    codeKey: read.Code.S3Key,
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
  };
}

const urlProperties = z.strictObject({
  AuthType: z.enum(["NONE", "AWS_IAM"]),
  TargetFunctionArn: z.string(),
  InvokeMode: z.literal("BUFFERED").optional(),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-url.html */
export const functionUrlType: ResourceType = {
  attributes: {
    // The URL is known only when the stack runs, and the stack is started from this model.
    FunctionUrl: ({ place, logicalId }) => {
      throw new NotModelledError(place, `Fn::GetAtt ${logicalId}.FunctionUrl`, "the URL itself", [
        "its AuthType",
      ]);
    },
  },
  read: (resource) => {
    const { AuthType: authType, TargetFunctionArn: functionArn } = readProperties(
      resource,
      urlProperties,
      [],
    );
    return { kind: "functionUrl", functionArn, authType, place: resource.place };
  },
};

const mappingProperties = z.strictObject({
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

const ignoredMappingProperties = ["MetricsConfig", "Tags"];

/** Larger batches need a batching window. */
const largestBatchWithoutWindow = 10;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-eventsourcemapping.html */
export const eventSourceMappingType: ResourceType = {
  attributes: {},
  read: (resource) => ({ kind: "mapping", mapping: readMapping(resource) }),
};

function readMapping(resource: ResourceView): MappingModel {
  const mapping = readProperties(resource, mappingProperties, ignoredMappingProperties);
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
