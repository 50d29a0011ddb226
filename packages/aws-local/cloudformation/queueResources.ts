import * as z from "zod";
import { parseQueuePolicy } from "./queuePolicy.ts";
import {
  flag,
  integer,
  physicalName,
  type ResourceType,
  type ResourceView,
  readProperties,
} from "./resourceType.ts";
import type { QueueModel } from "./stackModel.ts";
import { arnOf } from "./templateDocument.ts";

const queueProperties = z.strictObject({
  QueueName: z.string().optional(),
  VisibilityTimeout: integer.default(30),
  MessageRetentionPeriod: integer.default(345_600),
  DelaySeconds: integer.default(0),
  ReceiveMessageWaitTimeSeconds: integer.default(0),
  MaximumMessageSize: integer.optional(),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: integer }).optional(),
  RedriveAllowPolicy: z.record(z.string(), z.unknown()).optional(),
  FifoQueue: flag
    .refine(
      (isFifo) => !isFifo,
      "FIFO queues are not modelled: the rules and mappings here need standard queues",
    )
    .optional(),
});

/** Ignored: encryption at rest and tags, which no message notices. */
const ignoredQueueProperties = [
  "SqsManagedSseEnabled",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "Tags",
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sqs-queue.html */
export const queueType: ResourceType = {
  ref: queueUrl,
  attributes: { Arn: queueArn, QueueName: queueName, QueueUrl: queueUrl },
  read: (resource) => ({ kind: "queue", queue: readQueue(resource) }),
};

function queueName(resource: ResourceView): string {
  return physicalName(resource, "QueueName");
}

function queueUrl(resource: ResourceView): string {
  return resource.context.queueUrl(queueName(resource));
}

function queueArn(resource: ResourceView): string {
  return arnOf(resource.context, "sqs", queueName(resource));
}

function readQueue(resource: ResourceView): QueueModel {
  const queue = readProperties(resource, queueProperties, ignoredQueueProperties);
  const { RedrivePolicy: redrive, RedriveAllowPolicy: redriveAllowPolicy, MaximumMessageSize } = queue;
  return {
    logicalId: resource.logicalId,
    name: queueName(resource),
    arn: queueArn(resource),
    visibilityTimeoutSeconds: queue.VisibilityTimeout,
    messageRetentionSeconds: queue.MessageRetentionPeriod,
    delaySeconds: queue.DelaySeconds,
    receiveWaitSeconds: queue.ReceiveMessageWaitTimeSeconds,
    ...(MaximumMessageSize !== undefined && { maximumMessageBytes: MaximumMessageSize }),
    ...(redrive && {
      redrive: { deadLetterArn: redrive.deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount },
    }),
    ...(redriveAllowPolicy && { redriveAllowPolicy }),
  };
}

const queuePolicyProperties = z.strictObject({
  Queues: z.array(z.string()).min(1),
  PolicyDocument: z.unknown(),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sqs-queuepolicy.html */
export const queuePolicyType: ResourceType = {
  attributes: {},
  read: (resource) => {
    const { Queues, PolicyDocument } = readProperties(resource, queuePolicyProperties, []);
    const place = [...resource.place, "Properties"];
    return {
      kind: "queuePolicy",
      queueUrls: Queues,
      policy: parseQueuePolicy(PolicyDocument, [...place, "PolicyDocument"]),
      place: [...place, "Queues"],
    };
  },
};
