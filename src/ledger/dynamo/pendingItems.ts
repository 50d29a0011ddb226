import { randomUUID } from "node:crypto";
import { ConditionalCheckFailedException, DeleteItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { pipelineNames, pipelines } from "../../pipelineSettings.ts";
import type { OrderedDecision } from "../decisionOrder.ts";
import {
  followUpKinds,
  heldRules,
  ownPlaceOf,
  pendingReasons,
  type StoredDecision,
  type StoredHeldDecision,
  type WaitingDecision,
  type WaitingPlace,
  waitingKind,
} from "../pendingStore.ts";
import {
  dueIndex,
  type Item,
  type LedgerTable,
  numberAttribute,
  pendingKey,
  readItem,
  textAttribute,
} from "./ledgerTable.ts";

/**
 * The partitions of the index `due`. Decisions that wait for a date are read once a minute, and must not meet the held ones
 * there, which are sorted by the time at which they were held. There are few of either.
 */
export const duePartition = "due";
export const heldPartition = "held";

/** The attributes that decide: the token changes with every write, and an earlier release writes it too. */
export const guardedOfPending = ["token"];

/** The key of a waiting decision. */
export function placeKey(waiting: WaitingPlace): Item {
  return pendingKey(waiting.personId, waitingKind(waiting), undefined, ownPlaceOf(waiting));
}

export function toPendingItem(decision: WaitingDecision): Item {
  const { personId, intent, followUp, eventId, version, busTime, hasOwnPlace, because, event } = decision;
  return {
    ...placeKey(decision),
    personId: { S: personId },
    intent: { S: intent },
    ...(followUp !== undefined && { followUp: { S: followUp } }),
    eventId: { S: eventId },
    version: { S: version },
    ...(busTime !== undefined && { busTime: { N: String(busTime) } }),
    ...(hasOwnPlace && { hasOwnPlace: { BOOL: true } }),
    because: { S: because },
    event: { S: event },
    token: { S: randomUUID() },
    ...(decision.because === "held"
      ? {
          accountId: { S: decision.accountId },
          rule: { S: decision.rule },
          ...inIndex(heldPartition, decision.heldAt),
        }
      : inIndex(duePartition, decision.dueAt)),
  };
}

function inIndex(partition: string, at: number): Item {
  return { [dueIndex.partition]: { S: partition }, [dueIndex.sort]: { N: String(at) } };
}

const waiting = z.object({
  personId: textAttribute,
  intent: textAttribute.pipe(z.enum(pipelineNames)),
  eventId: textAttribute,
  version: textAttribute,
  busTime: numberAttribute.exactOptional(),
  hasOwnPlace: z
    .object({ BOOL: z.literal(true) })
    .transform(({ BOOL }) => BOOL)
    .exactOptional(),
  event: textAttribute,
  token: textAttribute,
  [dueIndex.sort]: numberAttribute,
});
const pending = waiting.extend({
  followUp: textAttribute.pipe(z.enum(followUpKinds)).exactOptional(),
  because: textAttribute.pipe(z.enum(pendingReasons)),
});
const held = waiting.extend({
  because: textAttribute.pipe(z.literal("held")),
  accountId: textAttribute,
  rule: textAttribute.pipe(z.enum(heldRules)),
});

/** Throws for an item that this program did not write, and for one that is held. */
export function fromPendingItem(item: Item): StoredDecision {
  const decision = readItem(pending, item);
  const aspect = decision.followUp === undefined ? pipelines[decision.intent].aspect : "access";
  return { ...decision, aspect };
}

/** Throws for an item that this program did not write, and for one that is not held. */
export function fromHeldItem(item: Item): StoredHeldDecision {
  const { dueAt: heldAt, ...decision } = readItem(held, item);
  return { ...decision, heldAt, aspect: pipelines[decision.intent].aspect };
}

export function isHeldItem({ because }: Item): boolean {
  return because?.S === "held";
}

/** The items of one partition of the index, by their time, up to `until`. Throws what the SDK throws. */
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

/** Removes a decision as it was read; false if it was written or removed since. Throws what the SDK throws. */
export async function removeWaiting(
  { dynamo, tableName }: LedgerTable,
  decision: WaitingPlace & Pick<StoredDecision, "token">,
): Promise<boolean> {
  try {
    await dynamo.send(
      new DeleteItemCommand({
        TableName: tableName,
        Key: placeKey(decision),
        ConditionExpression: "#token = :token",
        ExpressionAttributeNames: { "#token": "token" },
        ExpressionAttributeValues: { ":token": { S: decision.token } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** What decides the order of an item, whoever wrote it. */
export function orderOf({ version, busTime }: Item): OrderedDecision {
  return { version: version?.S ?? "", ...(busTime?.N !== undefined && { busTime: Number(busTime.N) }) };
}
