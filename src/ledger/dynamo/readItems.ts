import { setTimeout as sleep } from "node:timers/promises";
import { BatchGetItemCommand, type KeysAndAttributes } from "@aws-sdk/client-dynamodb";
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

/**
 * Reads items in batches, consistently: one answer for each key, in their order. A key may stand there twice.
 *
 * @param attributes what is read of an item beside its key; all of it, if left out
 */
export async function readItems(
  table: LedgerTable,
  keys: readonly Item[],
  attributes?: readonly string[],
): Promise<ReadAnswer[]> {
  const projection = attributes && toProjection(["pk", "sk", ...attributes]);
  const answers = new Map<string, ReadAnswer>();
  const unique = [...new Map(keys.map((key) => [keyText(key), key])).values()];
  await pMap(inChunks(unique, keysPerRequest), (chunk) => readChunk({ table, chunk, projection }, answers), {
    concurrency: requestsAtOnce,
  });
  return keys.map((key) => answers.get(keyText(key)) ?? neverRead);
}

const neverRead: ReadAnswer = { kind: "unread", error: new Error("it was never read") };

type Projection = Pick<KeysAndAttributes, "ProjectionExpression" | "ExpressionAttributeNames">;

/** With a name for each attribute, because some are reserved words. */
function toProjection(attributes: readonly string[]): Projection {
  const names = attributes.map((attribute) => [`#${attribute}`, attribute] as const);
  return {
    ProjectionExpression: names.map(([name]) => name).join(", "),
    ExpressionAttributeNames: Object.fromEntries(names),
  };
}

interface Chunk {
  table: LedgerTable;
  chunk: readonly Item[];
  projection: Projection | undefined;
}

/** DynamoDB leaves keys unprocessed when it is busy, or when the answer would be larger than 16 MB. */
async function readChunk(
  { table: { dynamo, tableName }, chunk, projection }: Chunk,
  answers: Map<string, ReadAnswer>,
): Promise<void> {
  let open: readonly Item[] = chunk;
  let fault: unknown = new Error("DynamoDB left it unprocessed");
  try {
    for (let round = 0; open.length > 0 && round < rounds; round += 1) {
      if (round > 0) await sleep(firstPauseMilliseconds * 2 ** round * (0.5 + Math.random()));
      const { Responses, UnprocessedKeys } = await dynamo.send(
        new BatchGetItemCommand({
          RequestItems: { [tableName]: { Keys: [...open], ConsistentRead: true, ...projection } },
        }),
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
