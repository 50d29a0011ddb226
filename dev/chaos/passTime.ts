import { ConditionalCheckFailedException, paginateScan, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Stack } from "@rollcall/aws-local/stack";

/** A decision that waits in the ledger for longer than a run: for the end of its days of grace, or for its user to exist. */
interface LongWait {
  key: { pk: { S: string }; sk: { S: string } };
  event: string;
  tableName: string;
}

const oneMinuteMilliseconds = 60_000;

/** Finds what is due in a minute or more, by the items of the table. */
export async function findLongWaits({ dynamo, model }: Stack): Promise<LongWait[]> {
  const found: LongWait[] = [];
  const later = Date.now() + oneMinuteMilliseconds;
  for (const { name: tableName } of model.tables) {
    const scan = { TableName: tableName, IndexName: "due" };
    for await (const { Items = [] } of paginateScan({ client: dynamo.client }, scan))
      for (const { pk, sk, event, dueAt, because } of Items) {
        if (because?.S === "held" || Number(dueAt?.N) < later) continue;
        if (pk?.S === undefined || sk?.S === undefined || event?.S === undefined) continue;
        found.push({ key: { pk: { S: pk.S }, sk: { S: sk.S } }, event: event.S, tableName });
      }
  }
  return found;
}

/** Brings these decisions' time forward to now: where they lie in the table, and in their events. To be called when nobody works. */
export async function passTime({ dynamo }: Stack, waits: readonly LongWait[]): Promise<void> {
  const now = new Date();
  for (const { key, event, tableName } of waits) {
    const { detail, ...line } = JSON.parse(event);
    const isDated = Date.parse(detail.data.effectiveAt ?? "") > now.getTime();
    const data = isDated ? { ...detail.data, effectiveAt: now.toISOString() } : detail.data;
    const request = dynamo.client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: key,
        UpdateExpression: "SET dueAt = :now, event = :event",
        ConditionExpression: "attribute_exists(pk) AND event = :before",
        ExpressionAttributeValues: {
          ":now": { N: String(now.getTime()) },
          ":event": { S: JSON.stringify({ ...line, detail: { ...detail, data } }) },
          ":before": { S: event },
        },
      }),
    );
    try {
      await request;
    } catch (error) {
      // It was cancelled meanwhile, or deferred anew.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
