import { setTimeout as sleep } from "node:timers/promises";
import { BatchGetItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { type Item, keyText, type LedgerTable } from "./ledgerTable.ts";
import { inChunks } from "./statements.ts";

/** One item as it was read; `item` is `undefined` where there is none. */
export type ReadAnswer = { kind: "read"; item: Item | undefined } | { kind: "unread"; error: unknown };

/** The most that DynamoDB takes in one request. */
const keysPerRequest = 100;
const requestsAtOnce = 8;
const rounds = 6;
const firstPauseMilliseconds = 20;

/** Reads items in batches, consistently: one answer for each key, in their order. A key may stand there twice. */
export async function readItems(table: LedgerTable, keys: readonly Item[]): Promise<ReadAnswer[]> {
  const answers = new Map<string, ReadAnswer>();
  const unique = [...new Map(keys.map((key) => [keyText(key), key])).values()];
  await pMap(inChunks(unique, keysPerRequest), (chunk) => readChunk(table, chunk, answers), {
    concurrency: requestsAtOnce,
  });
  return keys.map((key) => answers.get(keyText(key)) ?? neverRead);
}

const neverRead: ReadAnswer = { kind: "unread", error: new Error("it was never read") };

/** DynamoDB leaves keys unprocessed when it is busy, or when the answer would be larger than 16 MB. */
async function readChunk(
  { dynamo, tableName }: LedgerTable,
  chunk: readonly Item[],
  answers: Map<string, ReadAnswer>,
): Promise<void> {
  let open: readonly Item[] = chunk;
  let fault: unknown = new Error("DynamoDB left it unprocessed");
  try {
    for (let round = 0; open.length > 0 && round < rounds; round += 1) {
      if (round > 0) await sleep(firstPauseMilliseconds * 2 ** round * (0.5 + Math.random()));
      const { Responses, UnprocessedKeys } = await dynamo.send(
        new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: [...open], ConsistentRead: true } } }),
      );
      // An answer without the table says nothing about its items.
      const items = Responses?.[tableName];
      if (items === undefined) continue;
      const left = UnprocessedKeys?.[tableName]?.Keys ?? [];
      const isLeft = new Set(left.map(keyText));
      for (const key of open)
        if (!isLeft.has(keyText(key))) answers.set(keyText(key), { kind: "read", item: undefined });
      for (const item of items) answers.set(keyText(item), { kind: "read", item });
      open = left;
    }
  } catch (error) {
    fault = error;
  }
  for (const key of open) answers.set(keyText(key), { kind: "unread", error: fault });
}
