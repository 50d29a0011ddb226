import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { DeferAnswer, WaitingDecision } from "../pendingStore.ts";
import { headKey, type LedgerTable, pendingKey } from "./ledgerTable.ts";
import { toPendingItem } from "./pendingItem.ts";

/**
 * Puts one decision off. The head learns of it second: should the process die in between, the decision is published
 * when it is due all the same, only a newer decision cannot remove it early and supersedes it then.
 */
export async function deferDecision(
  { dynamo, tableName }: LedgerTable,
  decision: WaitingDecision,
): Promise<DeferAnswer> {
  const { personId, aspect, intent, version } = decision;
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: tableName,
        Item: toPendingItem(decision),
        ConditionExpression: "attribute_not_exists(version) OR version <= :version",
        ExpressionAttributeValues: { ":version": { S: version } },
      }),
    );
    await dynamo.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: headKey(personId, aspect),
        UpdateExpression: "ADD pending :intent",
        ExpressionAttributeValues: { ":intent": { SS: [intent] } },
      }),
    );
    return { kind: "deferred" };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return newerWaits({ dynamo, tableName }, decision);
    return { kind: "fault", reason: `the decision could not be put off: ${String(error)}` };
  }
}

async function newerWaits(
  { dynamo, tableName }: LedgerTable,
  { personId, intent }: WaitingDecision,
): Promise<DeferAnswer> {
  try {
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: tableName, Key: pendingKey(personId, intent), ConsistentRead: true }),
    );
    return { kind: "superseded", by: Item?.eventId?.S ?? "unknown" };
  } catch (error) {
    return { kind: "fault", reason: `the ledger could not be read: ${String(error)}` };
  }
}
