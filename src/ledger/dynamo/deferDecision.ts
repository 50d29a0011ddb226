import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type DeferAnswer, type WaitingDecision, waitingKind } from "../pendingStore.ts";
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
  const { personId, aspect } = decision;
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: tableName,
        Item: toPendingItem(decision),
        ...conditionOf(decision),
      }),
    );
    await dynamo.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: headKey(personId, aspect),
        UpdateExpression: "ADD pending :kind",
        ExpressionAttributeValues: { ":kind": { SS: [waitingKind(decision)] } },
      }),
    );
    return { kind: "deferred" };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return newerWaits({ dynamo, tableName }, decision);
    return { kind: "fault", reason: `the decision could not be put off: ${String(error)}` };
  }
}

/** A copy of an event that comes when an operator has just released it must not hold it again. */
function conditionOf({ because, version }: WaitingDecision) {
  const isNotNewer = "attribute_not_exists(version) OR version <= :version";
  const versionValue = { ":version": { S: version } };
  return because === "held"
    ? {
        ConditionExpression: `(${isNotNewer}) AND NOT (version = :version AND because = :released)`,
        ExpressionAttributeValues: { ...versionValue, ":released": { S: "released" } },
      }
    : { ConditionExpression: isNotNewer, ExpressionAttributeValues: versionValue };
}

async function newerWaits(
  { dynamo, tableName }: LedgerTable,
  decision: WaitingDecision,
): Promise<DeferAnswer> {
  const Key = pendingKey(decision.personId, waitingKind(decision));
  try {
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }),
    );
    // It waits already, released.
    if (Item?.version?.S === decision.version) return { kind: "deferred" };
    return { kind: "superseded", by: Item?.eventId?.S ?? "unknown" };
  } catch (error) {
    return { kind: "fault", reason: `the ledger could not be read: ${String(error)}` };
  }
}
