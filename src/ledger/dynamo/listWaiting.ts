import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { dueIndex, type Item, type LedgerTable } from "./ledgerTable.ts";

/** The items of one partition of the index, by their moment, up to `until`. Throws what the SDK throws. */
export async function* listWaiting(
  { dynamo, tableName }: LedgerTable,
  partition: string,
  until = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Item> {
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await dynamo.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: dueIndex.name,
        KeyConditionExpression: `${dueIndex.partition} = :partition AND ${dueIndex.sort} <= :until`,
        ExpressionAttributeValues: { ":partition": { S: partition }, ":until": { N: String(until) } },
        ExclusiveStartKey,
      }),
    );
    yield* page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}
