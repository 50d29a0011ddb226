import { ConditionalCheckFailedException, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type JournalEntry, openOutcomes } from "../journalEntry.ts";
import type { LedgerTable } from "./ledgerTable.ts";
import { toJournalItem } from "./toJournalItem.ts";

export const openValues = Object.fromEntries(openOutcomes.map((outcome) => [`:${outcome}`, { S: outcome }]));
export const isOpenEntry = `outcome IN (${Object.keys(openValues).join(", ")})`;
const condition = `attribute_not_exists(outcome) OR ${isOpenEntry}`;

/**
 * Writes one journal entry, unless the event is dealt with already: a redelivered event must not write "superseded"
 * over the "applied" of its first delivery. That it stands already is no failure. Throws what the SDK throws.
 *
 * @returns whether it was written
 */
export async function putEntry({ dynamo, tableName }: LedgerTable, entry: JournalEntry): Promise<boolean> {
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: tableName,
        Item: toJournalItem(entry),
        ConditionExpression: condition,
        ExpressionAttributeValues: openValues,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
