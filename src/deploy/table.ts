import { dueIndex, emailIndex } from "../ledger/dynamo/ledgerTable.ts";
import { type Resources, sub } from "./cloudFormation.ts";
import { tableId } from "./names.ts";

/**
 * The ledger. It outlives the stack: whoever removes the service by mistake keeps the audit trail and the order of
 * decisions.
 */
export function tableResources(): Resources {
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" });
  return {
    [tableId]: {
      Type: "AWS::DynamoDB::Table",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        TableName: sub(`\${AWS::StackName}-ledger`),
        BillingMode: "PAY_PER_REQUEST",
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        // Journal entries have the attribute, heads and waiting decisions do not.
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
        AttributeDefinitions: [
          text("pk"),
          text("sk"),
          text(emailIndex.partition),
          text(dueIndex.partition),
          { AttributeName: dueIndex.sort, AttributeType: "N" },
        ],
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: dueIndex.name,
            KeySchema: [
              { AttributeName: dueIndex.partition, KeyType: "HASH" },
              { AttributeName: dueIndex.sort, KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
          },
          {
            IndexName: emailIndex.name,
            KeySchema: [{ AttributeName: emailIndex.partition, KeyType: "HASH" }],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        ],
      },
    },
  };
}
