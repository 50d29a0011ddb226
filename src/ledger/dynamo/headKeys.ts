import { paginateQuery } from "@aws-sdk/client-dynamodb";
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
