import * as z from "zod";
import type { FunctionModel } from "../stackModel.ts";
import { arnOf } from "../templateContext.ts";
import { integer, readProperties, text } from "./readProperties.ts";
import { physicalName, type ResourceType, type ResourceView } from "./resourceType.ts";

const properties = z.strictObject({
  FunctionName: z.string().optional(),
  Handler: z.string(),
  Timeout: integer.default(3),
  MemorySize: integer.default(128),
  Environment: z.strictObject({ Variables: z.record(z.string(), text).default({}) }).optional(),
  Code: z.strictObject({ S3Key: z.string() }),
  ReservedConcurrentExecutions: integer.optional(),
});

/** The role is not modelled, tracing and logging have no other end here, and Node.js is the machine's own. */
const ignored = [
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
  const read = readProperties(resource, properties, ignored);
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
