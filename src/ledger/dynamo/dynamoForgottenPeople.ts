import { createHmac, randomBytes } from "node:crypto";
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { type ForgetOrder, type ForgottenPeople, forgottenForSeconds } from "../forgottenPeople.ts";
import {
  forgottenKey,
  forgottenPartition,
  type Item,
  type LedgerTable,
  numberAttribute,
  readItem,
  textAttribute,
} from "./ledgerTable.ts";

/** The item that all others depend on: the key of the hashes, and how often somebody was forgotten. */
const registerKey = forgottenKey("register");
const registerSchema = z.object({ hashKey: textAttribute, revision: numberAttribute });
type Register = z.output<typeof registerSchema>;

/**
 * Tells the forgotten people by the hashes in the ledger's table. Each batch reads one item, which tells whether there is anything
 * new: only then are all hashes read. It lives as long as the execution environment.
 */
export function dynamoForgottenPeople(table: LedgerTable): ForgottenPeople {
  let known: { revision: number; hashes: ReadonlyMap<string, number> } | undefined;
  return {
    async among(personIds) {
      try {
        const register = await readRegister(table);
        if (register === undefined) return { kind: "known", forgotten: new Map() };
        if (known?.revision !== register.revision)
          known = { revision: register.revision, hashes: await readHashes(table) };
        const { hashes } = known;
        const forgotten = new Map<string, number>();
        for (const personId of personIds) {
          const at = hashes.get(hashOf(personId, register));
          if (at !== undefined) forgotten.set(personId, at);
        }
        return { kind: "known", forgotten };
      } catch (error) {
        return { kind: "fault", reason: `the forgotten people could not be read: ${error}` };
      }
    },
  };
}

/** Keeps the hash of a person's id. It is written before the register tells of it, so that no reader misses it. */
export async function rememberForgotten(
  table: LedgerTable,
  personId: string,
  { by, note, now }: ForgetOrder,
): Promise<void> {
  const { dynamo, tableName: TableName } = table;
  const register = (await readRegister(table)) ?? (await createRegister(table));
  await dynamo.send(
    new PutItemCommand({
      TableName,
      Item: {
        ...forgottenKey(hashOf(personId, register)),
        by: { S: by },
        note: { S: note },
        at: { S: new Date(now).toISOString() },
        expiresAt: { N: String(Math.ceil(now / 1000) + forgottenForSeconds) },
      },
    }),
  );
  await dynamo.send(
    new UpdateItemCommand({
      TableName,
      Key: registerKey,
      UpdateExpression: "ADD revision :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    }),
  );
}

async function readRegister({ dynamo, tableName }: LedgerTable): Promise<Register | undefined> {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tableName, Key: registerKey, ConsistentRead: true }),
  );
  return Item && readItem(registerSchema, Item);
}

/** Two operators may forget their first person at once: the key of the first stands. */
async function createRegister(table: LedgerTable): Promise<Register> {
  const created = { hashKey: randomBytes(32).toString("hex"), revision: 0 };
  const Item: Item = { ...registerKey, hashKey: { S: created.hashKey }, revision: { N: "0" } };
  try {
    await table.dynamo.send(
      new PutItemCommand({
        TableName: table.tableName,
        Item,
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    );
    return created;
  } catch (error) {
    const standing = error instanceof ConditionalCheckFailedException ? await readRegister(table) : undefined;
    if (standing === undefined) throw error;
    return standing;
  }
}

/** When each was forgotten, by hash. */
async function readHashes({
  dynamo: client,
  tableName: TableName,
}: LedgerTable): Promise<Map<string, number>> {
  const hashes = new Map<string, number>();
  const query = {
    TableName,
    KeyConditionExpression: "pk = :forgotten",
    ExpressionAttributeValues: { ":forgotten": { S: forgottenPartition } },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client }, query))
    for (const { sk, at } of Items)
      if (sk?.S !== undefined && at?.S !== undefined) hashes.set(sk.S, Date.parse(at.S));
  return hashes;
}

/** Without the key nobody can find out by trying ids whom a hash means. */
function hashOf(personId: string, { hashKey }: Register): string {
  return createHmac("sha256", Buffer.from(hashKey, "hex")).update(personId).digest("hex");
}
