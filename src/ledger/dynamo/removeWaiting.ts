import { ConditionalCheckFailedException, DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { type StoredDecision, waitingKind } from "../pendingStore.ts";
import { type LedgerTable, pendingKey } from "./ledgerTable.ts";

/** Removes a decision as it lay there; false if it lies there otherwise, or no more. Throws what the SDK throws. */
export async function removeWaiting(
  { dynamo, tableName }: LedgerTable,
  { personId, token, ...decision }: Pick<StoredDecision, "personId" | "intent" | "followUp" | "token">,
): Promise<boolean> {
  try {
    await dynamo.send(
      new DeleteItemCommand({
        TableName: tableName,
        Key: pendingKey(personId, waitingKind(decision)),
        ConditionExpression: "#token = :token",
        ExpressionAttributeNames: { "#token": "token" },
        ExpressionAttributeValues: { ":token": { S: token } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
