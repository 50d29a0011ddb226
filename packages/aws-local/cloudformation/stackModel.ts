import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import type { BusRule } from "../eventbridge/eventModel.ts";
import type { QueuePolicy } from "./queuePolicy.ts";

/** What a template would deploy, as plain values with every reference resolved. */
export interface StackModel {
  queues: QueueModel[];
  buses: BusModel[];
  rules: RuleModel[];
  functions: FunctionModel[];
  mappings: MappingModel[];
  tables: TableModel[];
  outputs: Record<string, unknown>;
  /** Resources that the embedded stack does not have, and outputs (type `Output`) that refer to them. */
  notModelled: { logicalId: string; type: string }[];
}

export interface QueueModel {
  logicalId: string;
  name: string;
  arn: string;
  visibilityTimeoutSeconds: number;
  messageRetentionSeconds: number;
  delaySeconds: number;
  receiveWaitSeconds: number;
  maximumMessageBytes?: number;
  redrive?: { deadLetterArn: string; maxReceiveCount: number };
  /** The value of the RedriveAllowPolicy attribute of SQS. */
  redriveAllowPolicy?: Readonly<Record<string, unknown>>;
  /** Absent if no AWS::SQS::QueuePolicy names the queue: then nobody outside the account may send to it. */
  policy?: QueuePolicy;
}

export interface BusModel {
  logicalId: string;
  name: string;
  arn: string;
}

export interface RuleModel extends BusRule {
  logicalId: string;
}

export interface FunctionModel {
  logicalId: string;
  name: string;
  arn: string;
  handler: string;
  timeoutSeconds: number;
  memoryMegabytes: number;
  environment: Record<string, string>;
  /** The S3 key of the package. Its last segment is the file's name in the package directory. */
  codeKey: string;
  reservedConcurrency?: number;
  /** Present if the function has a function URL. */
  url?: { authType: "NONE" | "AWS_IAM" };
}

export interface MappingModel {
  logicalId: string;
  queueArn: string;
  functionArn: string;
  batchSize: number;
  windowSeconds: number;
  maximumConcurrency?: number;
  reportBatchItemFailures: boolean;
  enabled: boolean;
}

export interface TableModel {
  logicalId: string;
  name: string;
  arn: string;
  /** The attribute that DynamoDB's TTL reads, in seconds since 1970. */
  ttlAttribute?: string;
  /** The input of CreateTable. */
  create: TableCreation;
}

type TableCreation = Pick<
  CreateTableCommandInput,
  | "TableName"
  | "AttributeDefinitions"
  | "KeySchema"
  | "GlobalSecondaryIndexes"
  | "LocalSecondaryIndexes"
  | "BillingMode"
  | "ProvisionedThroughput"
> & { TableName: string };

/** Lists the queues that serve as dead-letter queues of other queues or of rules' targets. */
export function deadLetterQueues(model: StackModel): QueueModel[] {
  const arns = deadLetterArns(model);
  return model.queues.filter(({ arn }) => arns.has(arn));
}

/** Lists all queues that are not dead-letter queues. */
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
