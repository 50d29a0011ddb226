import * as z from "zod";
import {
  flag,
  integer,
  physicalName,
  type ResourceType,
  type ResourceView,
  readProperties,
} from "./resourceType.ts";
import type { TableModel } from "./stackModel.ts";
import { arnOf } from "./templateDocument.ts";

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));
const projection = z.strictObject({
  ProjectionType: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
  NonKeyAttributes: z.array(z.string()).exactOptional(),
});
const throughput = z.strictObject({ ReadCapacityUnits: integer, WriteCapacityUnits: integer });
const index = z.strictObject({ IndexName: z.string(), KeySchema: keySchema, Projection: projection });

const properties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(index.extend({ ProvisionedThroughput: throughput.exactOptional() }))
    .optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
  BillingMode: z.enum(["PAY_PER_REQUEST", "PROVISIONED"]).default("PROVISIONED"),
  ProvisionedThroughput: throughput.optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string().optional(), Enabled: flag }).optional(),
});

/** Ignored: encryption, backups, protection and cost, which no read or write notices. */
const ignored = [
  "ContributorInsightsSpecification",
  "DeletionProtectionEnabled",
  "PointInTimeRecoverySpecification",
  "SSESpecification",
  "TableClass",
  "Tags",
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html */
export const tableType: ResourceType = {
  ref: tableName,
  attributes: { Arn: tableArn },
  read: (resource) => ({ kind: "table", table: readTable(resource) }),
};

function tableName(resource: ResourceView): string {
  return physicalName(resource, "TableName");
}

function tableArn(resource: ResourceView): string {
  return arnOf(resource.context, "dynamodb", `table/${tableName(resource)}`);
}

function readTable(resource: ResourceView): TableModel {
  const table = readProperties(resource, properties, ignored);
  const { TimeToLiveSpecification: ttl } = table;
  const { GlobalSecondaryIndexes, LocalSecondaryIndexes, ProvisionedThroughput } = table;
  return {
    logicalId: resource.logicalId,
    name: tableName(resource),
    arn: tableArn(resource),
    ...(ttl?.Enabled && ttl.AttributeName !== undefined && { ttlAttribute: ttl.AttributeName }),
    create: {
      TableName: tableName(resource),
      AttributeDefinitions: table.AttributeDefinitions,
      KeySchema: table.KeySchema,
      BillingMode: table.BillingMode,
      ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
      ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
      ...(ProvisionedThroughput && { ProvisionedThroughput }),
    },
  };
}
