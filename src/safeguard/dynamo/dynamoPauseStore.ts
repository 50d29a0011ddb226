import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import {
  type Item,
  type LedgerTable,
  numberAttribute,
  pausesKey,
  readItem,
  textAttribute,
} from "../../ledger/dynamo/ledgerTable.ts";
import { pipelineNames } from "../../pipelineSettings.ts";
import { type Pause, type PauseStore, pauseName } from "../pauses.ts";

/**
 * The pauses in DynamoDB: one item with an attribute for each, so that a batch reads all of them in one consistent read, and
 * operators who pause or resume at the same time cannot undo each other's work.
 */
export function dynamoPauseStore({ dynamo, tableName: TableName }: LedgerTable): PauseStore {
  const Key = pausesKey;
  return {
    async list() {
      const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      return Item === undefined ? [] : fromPausesItem(Item);
    },
    async add(pause) {
      const name = pauseName(pause);
      const { Attributes = {} } = await dynamo.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: "SET #pause = if_not_exists(#pause, :pause)",
          ExpressionAttributeNames: { "#pause": name },
          ExpressionAttributeValues: { ":pause": { M: toPauseMap(pause) } },
          ReturnValues: "ALL_NEW",
        }),
      );
      return fromPausesItem({ ...pausesKey, ...ownAttribute(Attributes, name) })[0] ?? pause;
    },
    async remove(scope) {
      const name = pauseName(scope);
      const { Attributes = {} } = await dynamo.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: "REMOVE #pause",
          ExpressionAttributeNames: { "#pause": name },
          ReturnValues: "ALL_OLD",
        }),
      );
      return fromPausesItem({ ...pausesKey, ...ownAttribute(Attributes, name) })[0];
    },
  };
}

function ownAttribute(item: Item, name: string): Item {
  const value = item[name];
  return value === undefined ? {} : { [name]: value };
}

function toPauseMap({ pipeline, account, since, by, note }: Pause): Item {
  const map: Item = { since: { N: String(since) }, by: { S: by }, note: { S: note } };
  if (pipeline !== undefined) map.pipeline = { S: pipeline };
  if (account !== undefined) map.account = { S: account };
  return map;
}

const pauseAttribute = z
  .object({
    M: z.object({
      pipeline: textAttribute.pipe(z.enum(pipelineNames)).exactOptional(),
      account: textAttribute.exactOptional(),
      since: numberAttribute,
      by: textAttribute,
      note: textAttribute,
    }),
  })
  .transform(({ M }): Pause => M);

const itemSchema = z.record(z.string(), pauseAttribute);

/** Throws for a pause that this version does not know: whatever it stops must not go on. */
function fromPausesItem({ pk: _, sk: __, ...pauses }: Item): Pause[] {
  return Object.values(readItem(itemSchema, pauses));
}
