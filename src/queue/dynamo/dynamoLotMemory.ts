import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import {
  type Item,
  type LedgerTable,
  lotKey,
  lotPartition,
  numberAttribute,
  readItem,
  textAttribute,
  textsAttribute,
} from "../../ledger/dynamo/ledgerTable.ts";
import type { DeadLetterSource } from "../deadLetter.ts";
import type { LotMemory, UnfinishedLot } from "../lots.ts";

/** As long as SQS keeps a message. */
const keptSeconds = 1_209_600;
/** More than an invocation has to know; a page of 1 MB may hold fewer. */
const mostLots = 200;

/**
 * Remembers the unfinished lots of a queue in items of the ledger's table. DynamoDB deletes them two weeks later, by the same
 * attribute as journal entries.
 *
 * What could not be forgotten is held against no message by this process, which has seen the outcome.
 *
 * @param onUnreadable called with the error of each item that cannot be read; the others count
 */
export function dynamoLotMemory(
  table: LedgerTable,
  source: DeadLetterSource,
  onUnreadable: (error: unknown) => void,
): LotMemory {
  const { dynamo, tableName: TableName } = table;
  /** By lot: the messages that have an outcome, although the item says otherwise. */
  const notForgotten = new Map<string, ReadonlySet<string>>();
  return {
    async unfinished(now) {
      const { Items = [] } = await dynamo.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :lots",
          ExpressionAttributeValues: { ":lots": { S: lotPartition(source) } },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: mostLots,
        }),
      );
      const lots = Items.flatMap((item) => toLots(item, onUnreadable));
      const known = new Set(lots.map(({ id }) => id));
      for (const id of notForgotten.keys()) if (!known.has(id)) notForgotten.delete(id);
      return lots
        .filter(({ until, expiresAt }) => until < now && expiresAt * 1000 > now)
        .map(({ messageIds, ...lot }) => ({
          ...lot,
          messageIds: messageIds.filter((messageId) => !notForgotten.get(lot.id)?.has(messageId)),
        }));
    },
    async begin({ id, messageIds, size }, until) {
      await dynamo.send(
        new PutItemCommand({
          TableName,
          Item: {
            ...lotKey(source, id),
            messageIds: { SS: [...messageIds] },
            size: { N: String(size) },
            until: { N: String(until) },
            expiresAt: { N: String(Math.ceil(until / 1000) + keptSeconds) },
          },
        }),
      );
    },
    async finish(lot, earlier) {
      const done = new Set(lot.messageIds);
      const touched = earlier.filter(({ messageIds }) => messageIds.some((id) => done.has(id)));
      await Promise.all(
        [lot, ...touched].map(async (each) => {
          try {
            await forget(table, source, each, done);
          } catch (error) {
            notForgotten.set(each.id, new Set([...(notForgotten.get(each.id) ?? []), ...done]));
            throw error;
          }
        }),
      );
    },
  };
}

/** One item that cannot be read must not make the others count for nothing. */
function toLots(item: Item, onUnreadable: (error: unknown) => void): z.output<typeof itemSchema>[] {
  try {
    return [readItem(itemSchema, item)];
  } catch (error) {
    onUnreadable(error);
    return [];
  }
}

/** Forgets the messages that are done, and the lot with the last of them. */
async function forget(
  { dynamo, tableName: TableName }: LedgerTable,
  source: DeadLetterSource,
  { id, messageIds }: UnfinishedLot,
  done: ReadonlySet<string>,
): Promise<void> {
  const Key = lotKey(source, id);
  const ended = messageIds.filter((messageId) => done.has(messageId));
  if (ended.length === messageIds.length) {
    await dynamo.send(new DeleteItemCommand({ TableName, Key }));
    return;
  }
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "DELETE messageIds :ended",
        // An update would bring back an item that is gone.
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":ended": { SS: ended } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Without messages where several invocations finished them at once. */
const itemSchema = z
  .object({
    sk: textAttribute,
    messageIds: textsAttribute.default([]),
    size: numberAttribute,
    until: numberAttribute,
    expiresAt: numberAttribute,
  })
  .transform(({ sk, ...lot }) => ({ id: sk, ...lot }));
