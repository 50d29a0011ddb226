import { paginateQuery } from "@aws-sdk/client-dynamodb";
import { unlistedPrefix } from "../../events/hrEvent.ts";
import { emailIndex, type Item, type LedgerTable, personKey } from "./ledgerTable.ts";

/** Reads the keys of the heads with an address (lower-case) from the index. Needs `dynamodb:Query` on it. */
export async function readHeadKeys(
  { dynamo: client, tableName: TableName }: LedgerTable,
  email: string,
): Promise<Item[]> {
  const keys: Item[] = [];
  const query = {
    TableName,
    IndexName: emailIndex.name,
    KeyConditionExpression: `${emailIndex.partition} = :email`,
    ExpressionAttributeValues: { ":email": { S: email } },
  };
  for await (const { Items = [] } of paginateQuery({ client }, query))
    for (const { pk, sk } of Items) if (pk !== undefined && sk !== undefined) keys.push({ pk, sk });
  return keys;
}

/** The person whose item a key is. */
export function personOf(key: Item | undefined): string {
  return (key?.pk?.S ?? "").slice(personKey("").pk.S.length);
}

/**
 * Whether HR has decided about nobody else under an address since. An account that a roster has no row for is nobody: its events
 * have an id of their own.
 */
export async function isOwnAddress(table: LedgerTable, email: string, personId: string): Promise<boolean> {
  const others = (await readHeadKeys(table, email)).map(personOf).filter((owner) => owner !== personId);
  return others.every((owner) => owner.includes(unlistedPrefix));
}
