import { randomUUID } from "node:crypto";
import { ConditionalCheckFailedException, DeleteItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { pipelineNames, pipelines } from "../../pipelineSettings.ts";
import type { Claim, CommitAnswer } from "../ledger.ts";
import {
  followUpKinds,
  heldRules,
  ownPlaceOf,
  pendingReasons,
  type StoredDecision,
  type StoredHeldDecision,
  type WaitingDecision,
  type WaitingKind,
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
import { executeStatements, type Statement, type StatementAnswer } from "./statements.ts";

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
  const { personId, intent, followUp, eventId, version, because, event } = decision;
  return {
    ...placeKey(decision),
    personId: { S: personId },
    intent: { S: intent },
    ...(followUp !== undefined && { followUp: { S: followUp } }),
    eventId: { S: eventId },
    version: { S: version },
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

/** A waiting decision that a newer one of the same person cancels. */
export interface Cancellation {
  claim: Pick<Claim, "personId" | "version">;
  kind: WaitingKind;
}

export type CancelAnswer =
  /** It does not wait any more. */
  | { kind: "gone" }
  /** A newer one waits, and stays. */
  | { kind: "newer" }
  | Extract<CommitAnswer, { kind: "fault" }>;

/** Removes waiting decisions that are not newer than the claim: one answer for each, in their order. */
export async function cancelWaiting(
  table: LedgerTable,
  cancellations: readonly Cancellation[],
): Promise<CancelAnswer[]> {
  const statements = cancellations.map(({ claim, kind }): Statement => {
    const { pk, sk } = pendingKey(claim.personId, kind);
    return {
      Statement: `DELETE FROM "${table.tableName}" WHERE "pk" = ? AND "sk" = ? AND "version" <= ?`,
      Parameters: [pk, sk, { S: claim.version }],
      // Otherwise one that is newer could not be told from none.
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    };
  });
  const answers = await executeStatements(table, statements);
  return answers.map(toCancelAnswer);
}

function toCancelAnswer(answer: StatementAnswer): CancelAnswer {
  switch (answer.kind) {
    case "written":
      return { kind: "gone" };
    case "refused":
      return { kind: answer.item === undefined ? "gone" : "newer" };
    case "throttled":
    case "unknown":
      return { kind: "fault", reason: `the ledger did not take the result: ${answer.error}` };
  }
}
