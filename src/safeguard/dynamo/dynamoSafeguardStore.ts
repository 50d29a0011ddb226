import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import { type LedgerTable, safeguardKey, safeguardPartition } from "../../ledger/dynamo/ledgerTable.ts";
import type { SafeguardState } from "../safeguardState.ts";
import { initialState } from "../safeguardState.ts";
import type { AccountSafeguard, Change, SafeguardStore } from "../safeguardStore.ts";
import { fromSafeguardItem, type StoredState, toSafeguardItem } from "./safeguardItem.ts";

/** Two functions and an operator write at the same time at most; whoever loses so often has met a defect. */
const longestRow = 20;
const longestPauseMilliseconds = 100;

/**
 * What the safeguard remembers, in DynamoDB: one item per account, read and written as a whole on the condition that
 * nobody wrote in between. So a decision is always made on what every other function has let pass.
 */
export function dynamoSafeguardStore(table: LedgerTable, random: () => number = Math.random): SafeguardStore {
  return {
    update: (accountId, change) => update(table, accountId, change, random),
    list: () => list(table),
  };
}

async function update<T>(
  table: LedgerTable,
  accountId: string,
  change: (state: SafeguardState) => Change<T>,
  random: () => number,
): Promise<T> {
  for (let tries = 1; tries <= longestRow; tries += 1) {
    const before = await read(table, accountId);
    const { state, answer } = change(before.state);
    if (state === before.state) return answer;
    if (await write(table, { accountId, state, revision: before.revision + 1 })) return answer;
    await setTimeout(random() * longestPauseMilliseconds);
  }
  throw new Error(
    `the safeguard's state of account ${accountId} changed ${longestRow} times while it was to be written; try again`,
  );
}

async function read({ dynamo, tableName }: LedgerTable, accountId: string): Promise<StoredState> {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tableName, Key: safeguardKey(accountId), ConsistentRead: true }),
  );
  return Item === undefined ? { accountId, state: initialState, revision: 0 } : fromSafeguardItem(Item);
}

/**
 * The SDK makes a write anew whose answer was lost. By the name of the write it passes then, or it would be taken for
 * somebody else's, and its people would be counted twice.
 */
async function write({ dynamo, tableName }: LedgerTable, stored: StoredState): Promise<boolean> {
  const writeId = { S: randomUUID() };
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: tableName,
        Item: { ...toSafeguardItem(stored), writeId },
        ConditionExpression: "attribute_not_exists(revision) OR revision = :before OR writeId = :writeId",
        ExpressionAttributeValues: {
          ":before": { N: String(stored.revision - 1) },
          ":writeId": writeId,
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function list({ dynamo: client, tableName: TableName }: LedgerTable): Promise<AccountSafeguard[]> {
  const found: AccountSafeguard[] = [];
  const query = {
    TableName,
    KeyConditionExpression: "pk = :safeguard",
    ExpressionAttributeValues: { ":safeguard": { S: safeguardPartition } },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client }, query)) {
    for (const item of Items) {
      const { accountId, state } = fromSafeguardItem(item);
      found.push({ accountId, state });
    }
  }
  return found;
}
