import { ConditionalCheckFailedException, DeleteItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { PendingStore, StoredDecision } from "../pendingStore.ts";
import { deferDecision } from "./deferDecision.ts";
import { dueIndex, type Item, type LedgerTable, pendingKey, requestsAtOnce } from "./ledgerTable.ts";
import { duePartition, fromPendingItem } from "./pendingItem.ts";

/** The waiting decisions in DynamoDB. */
export function dynamoPendingStore(table: LedgerTable): PendingStore {
  return {
    defer: (decisions) =>
      pMap(decisions, (decision) => deferDecision(table, decision), { concurrency: requestsAtOnce }),
    list: (until = Number.MAX_SAFE_INTEGER) => list(table, until),
    remove: (decision) => remove(table, decision),
  };
}

async function* list({ dynamo, tableName }: LedgerTable, until: number): AsyncGenerator<StoredDecision> {
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await dynamo.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: dueIndex.name,
        KeyConditionExpression: `${dueIndex.partition} = :due AND ${dueIndex.sort} <= :until`,
        ExpressionAttributeValues: { ":due": { S: duePartition }, ":until": { N: String(until) } },
        ExclusiveStartKey,
      }),
    );
    yield* (page.Items ?? []).map(fromPendingItem);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}

async function remove(
  { dynamo, tableName }: LedgerTable,
  { personId, intent, token }: StoredDecision,
): Promise<void> {
  try {
    await dynamo.send(
      new DeleteItemCommand({
        TableName: tableName,
        Key: pendingKey(personId, intent),
        ConditionExpression: "#token = :token",
        ExpressionAttributeNames: { "#token": "token" },
        ExpressionAttributeValues: { ":token": { S: token } },
      }),
    );
  } catch (error) {
    // It was put off anew, or removed by a decision that cancels it: both are as they should be.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
