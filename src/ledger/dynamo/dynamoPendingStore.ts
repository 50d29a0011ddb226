import { ConditionalCheckFailedException, DeleteItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { PendingStore, StoredDecision } from "../pendingStore.ts";
import { deferDecision } from "./deferDecision.ts";
import { dueIndex, type Item, type LedgerTable, pendingKey, requestsAtOnce } from "./ledgerTable.ts";
import { duePartition, fromPendingItem } from "./pendingItem.ts";

/** An item among the waiting decisions that this program did not write, or that somebody changed. */
export interface UnreadableItem {
  /** Where it lies in the table. */
  key: string;
  error: unknown;
}

/**
 * The waiting decisions in DynamoDB.
 *
 * @param onUnreadable is told of each item that is no decision, and the others are listed; without it the list throws
 */
export function dynamoPendingStore(
  table: LedgerTable,
  onUnreadable: (item: UnreadableItem) => void = rethrow,
): PendingStore {
  return {
    defer: (decisions) =>
      pMap(decisions, (decision) => deferDecision(table, decision), { concurrency: requestsAtOnce }),
    list: (until = Number.MAX_SAFE_INTEGER) => list(table, until, onUnreadable),
    remove: (decision) => remove(table, decision),
  };
}

function rethrow({ error }: UnreadableItem): never {
  throw error;
}

async function* list(
  { dynamo, tableName }: LedgerTable,
  until: number,
  onUnreadable: (item: UnreadableItem) => void,
): AsyncGenerator<StoredDecision> {
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
    yield* (page.Items ?? []).flatMap((item) => read(item, onUnreadable));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}

function read(item: Item, onUnreadable: (item: UnreadableItem) => void): StoredDecision[] {
  try {
    return [fromPendingItem(item)];
  } catch (error) {
    onUnreadable({ key: `${item.pk?.S} ${item.sk?.S}`, error });
    return [];
  }
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
