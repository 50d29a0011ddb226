import { ConditionalCheckFailedException, DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import type { Claim } from "../ledger.ts";
import type { WaitingKind } from "../pendingStore.ts";
import { type LedgerTable, pendingKey } from "./ledgerTable.ts";

/**
 * Removes a person's waiting decisions that are not newer than the one which stands now, and gives back the kinds
 * that wait no longer. Throws what the SDK throws.
 */
export async function cancelPending(
  { dynamo, tableName }: LedgerTable,
  { personId, version }: Claim,
  kinds: readonly WaitingKind[],
): Promise<WaitingKind[]> {
  const cancelled: WaitingKind[] = [];
  for (const kind of kinds) {
    try {
      await dynamo.send(
        new DeleteItemCommand({
          TableName: tableName,
          Key: pendingKey(personId, kind),
          ConditionExpression: "attribute_not_exists(version) OR version <= :version",
          ExpressionAttributeValues: { ":version": { S: version } },
        }),
      );
      cancelled.push(kind);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  return cancelled;
}
