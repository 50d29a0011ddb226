import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import {
  type Item,
  type LedgerTable,
  numberAttribute,
  readItem,
  safeguardKey,
  safeguardPartition,
  textAttribute,
} from "../../ledger/dynamo/ledgerTable.ts";
import {
  type AccountSafeguard,
  type Change,
  initialState,
  type SafeguardState,
  type SafeguardStore,
} from "../safeguardState.ts";

/** At most two functions and an operator write at the same time: more conflicts in a row are a defect. */
const mostTries = 20;
const longestPauseMilliseconds = 100;

/**
 * The safeguard's store in DynamoDB: one item per account, read and written as a whole on the condition that nobody wrote in
 * between. So every decision knows the suspensions that all other functions have admitted.
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
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const before = await read(table, accountId);
    const { state, answer } = change(before.state);
    if (state === before.state) return answer;
    if (await write(table, { accountId, state, revision: before.revision + 1 })) return answer;
    await setTimeout(random() * longestPauseMilliseconds);
  }
  throw new Error(
    `the safeguard's state of account ${accountId} changed ${mostTries} times while it was to be written; try again`,
  );
}

async function read({ dynamo, tableName }: LedgerTable, accountId: string): Promise<StoredState> {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tableName, Key: safeguardKey(accountId), ConsistentRead: true }),
  );
  return Item === undefined ? { accountId, state: initialState, revision: 0 } : fromSafeguardItem(Item);
}

/**
 * Writes the state; false if somebody else wrote in between. The SDK repeats a write whose answer was lost: by its `writeId` it
 * passes then, or it would be taken for somebody else's, and its people would be counted twice.
 */
async function write({ dynamo, tableName }: LedgerTable, stored: StoredState): Promise<boolean> {
  const writeId = { S: randomUUID() };
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: tableName,
        Item: { ...toSafeguardItem(stored), writeId },
        ConditionExpression: `${isFirstWrite} OR ${isUnchanged} OR ${isRepeated}`,
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

const isFirstWrite = "attribute_not_exists(revision)";
const isUnchanged = "revision = :before";
const isRepeated = "writeId = :writeId";

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

/** A state as it was read from the table; `revision` counts its writes and is 0 where there is none. */
interface StoredState extends AccountSafeguard {
  revision: number;
}

/** The state is one text: it is read and written as a whole, and no query needs its parts. */
function toSafeguardItem({ accountId, state, revision }: StoredState): Item {
  return {
    ...safeguardKey(accountId),
    accountId: { S: accountId },
    revision: { N: String(revision) },
    state: { S: JSON.stringify(state) },
  };
}

const passed = { asked: z.number(), passed: z.number(), limit: z.number() };
const signed = { at: z.number(), by: z.string() };
const note = z.string().exactOptional();

const stateSchema: z.ZodType<SafeguardState> = z.object({
  admissions: z.array(z.object({ at: z.number(), people: z.number(), immediate: z.number() })),
  latch: z.object({ closedAt: z.number(), ...passed }).exactOptional(),
  allowance: z.object({ people: z.number(), until: z.number(), ...signed }).exactOptional(),
  activeUsers: z.object({ count: z.number(), countedAt: z.number() }).exactOptional(),
  acts: z.array(
    z.discriminatedUnion("what", [
      z.object({ what: z.literal("closed"), at: z.number(), ...passed }),
      z.object({
        what: z.literal("allowed"),
        people: z.number(),
        until: z.number(),
        ...signed,
        note,
      }),
      z.object({ what: z.literal("reset"), ...signed, note }),
    ]),
  ),
});

const itemSchema = z.object({
  accountId: textAttribute,
  revision: numberAttribute,
  state: textAttribute.transform((text) => JSON.parse(text)).pipe(stateSchema),
});

/** Throws for an item that this version of Rollcall did not write. */
function fromSafeguardItem(item: Item): StoredState {
  return readItem(itemSchema, item);
}
