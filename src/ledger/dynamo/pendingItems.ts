import { randomUUID } from "node:crypto";
import { ConditionalCheckFailedException, DeleteItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { pipelineNames, pipelines } from "../../pipelineSettings.ts";
import type { Claim, CommitAnswer } from "../ledger.ts";
import {
  followUpKinds,
  heldRules,
  type StoredDecision,
  type StoredHeldDecision,
  type WaitingDecision,
  type WaitingKind,
  waitingKind,
} from "../pendingStore.ts";
import { isCancelled, waitsBesideOthers } from "../waiting.ts";
import {
  dueIndex,
  type Item,
  type LedgerTable,
  numberAttribute,
  pendingKey,
  personKey,
  readItem,
  textAttribute,
} from "./ledgerTable.ts";
import { readItems } from "./readItems.ts";
import { executeStatements, type Statement } from "./statements.ts";

/**
 * The partitions of the index `due`. Decisions that wait for a date are read once a minute, and must not meet the held ones
 * there, which are sorted by the time at which they were held. There are few of either.
 */
export const duePartition = "due";
export const heldPartition = "held";

/** The attributes that decide: the token changes with every write, and an earlier release writes it too. */
export const guardedOfPending = ["token"];

/** Where a decision is stored. */
export function placeOf(decision: WaitingDecision): Item {
  const { personId, eventId } = decision;
  const kind = waitingKind(decision);
  return waitsBesideOthers(decision)
    ? pendingKey(personId, kind, undefined, eventId)
    : pendingKey(personId, kind);
}

/** Earlier releases know no decision from the future: for them it is one that waits for its day. */
const clockAhead = { S: "ahead" };

export function toPendingItem(decision: WaitingDecision): Item {
  const { personId, intent, followUp, eventId, version, busTime, because, event } = decision;
  return {
    ...placeOf(decision),
    personId: { S: personId },
    intent: { S: intent },
    ...(followUp !== undefined && { followUp: { S: followUp } }),
    eventId: { S: eventId },
    version: { S: version },
    ...(busTime !== undefined && { busTime: { N: String(busTime) } }),
    because: { S: because === "fromTheFuture" ? "effectiveLater" : because },
    ...(because === "fromTheFuture" && { clock: clockAhead }),
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
  sk: textAttribute,
  personId: textAttribute,
  intent: textAttribute.pipe(z.enum(pipelineNames)),
  eventId: textAttribute,
  version: textAttribute,
  busTime: numberAttribute.exactOptional(),
  event: textAttribute,
  token: textAttribute,
  [dueIndex.sort]: numberAttribute,
});
const pending = waiting.extend({
  followUp: textAttribute.pipe(z.enum(followUpKinds)).exactOptional(),
  because: textAttribute.pipe(z.enum(["effectiveLater", "notRegistered", "released", "follows"])),
  clock: textAttribute.exactOptional(),
});
const held = waiting.extend({
  because: textAttribute.pipe(z.literal("held")),
  accountId: textAttribute,
  rule: textAttribute.pipe(z.enum(heldRules)),
});

/** Throws for an item that this program did not write, and for one that is held. */
export function fromPendingItem(item: Item): StoredDecision {
  const { sk: place, clock, because, ...decision } = readItem(pending, item);
  const aspect = decision.followUp === undefined ? pipelines[decision.intent].aspect : "access";
  return { ...decision, because: clock === undefined ? because : "fromTheFuture", aspect, place };
}

/** Throws for an item that this program did not write, and for one that is not held. */
export function fromHeldItem(item: Item): StoredHeldDecision {
  const { sk: place, dueAt: heldAt, ...decision } = readItem(held, item);
  return { ...decision, heldAt, place, aspect: pipelines[decision.intent].aspect };
}

export function isHeldItem({ because }: Item): boolean {
  return because?.S === "held";
}

/** Throws for an item that this program did not write. */
export function fromWaitingItem(item: Item): StoredDecision | StoredHeldDecision {
  return isHeldItem(item) ? fromHeldItem(item) : fromPendingItem(item);
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

/** The key of a decision as it was read. */
export function keyOf({ personId, place }: Pick<StoredDecision, "personId" | "place">): Item {
  return { ...personKey(personId), sk: { S: place } };
}

/** Removes a decision as it was read; false if it was written or removed since. Throws what the SDK throws. */
export async function removeWaiting(
  { dynamo, tableName }: LedgerTable,
  decision: Pick<StoredDecision, "personId" | "place" | "token">,
): Promise<boolean> {
  try {
    await dynamo.send(
      new DeleteItemCommand({
        TableName: tableName,
        Key: keyOf(decision),
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

/** A waiting decision that another one of the same person cancels. */
interface Cancellation {
  claim: Claim;
  kind: WaitingKind;
}

type CancelAnswer =
  /** It does not wait any more. */
  | { kind: "gone" }
  /** What waits is newer, or has its own day, and stays. */
  | { kind: "stays" }
  | Extract<CommitAnswer, { kind: "fault" }>;

/** The times that a cancellation is tried, each after reading what others have written. */
const tries = 4;

/** Removes the waiting decisions that the claim cancels: one answer for each, in their order. */
export async function cancelWaiting(
  table: LedgerTable,
  cancellations: readonly Cancellation[],
): Promise<CancelAnswer[]> {
  const answers = new Map<Cancellation, CancelAnswer>();
  let open: readonly Cancellation[] = cancellations;
  for (let attempt = 0; attempt < tries && open.length > 0; attempt += 1) {
    const found = await readItems(table, open.map(placeOfCancelled));
    const toDelete: { cancellation: Cancellation; statement: Statement }[] = [];
    for (const [index, cancellation] of open.entries()) {
      const read = found[index];
      if (read?.kind !== "read") answers.set(cancellation, faultOf(read?.error));
      else if (read.item === undefined) answers.set(cancellation, { kind: "gone" });
      else if (!cancels(cancellation, read.item)) answers.set(cancellation, { kind: "stays" });
      else toDelete.push({ cancellation, statement: toDeletion(table, read.item) });
    }
    const deleted = await executeStatements(
      table,
      toDelete.map(({ statement }) => statement),
    );
    for (const [index, { cancellation }] of toDelete.entries()) {
      const answer = deleted[index];
      if (answer?.kind === "written") answers.set(cancellation, { kind: "gone" });
      else if (answer?.kind !== "refused") answers.set(cancellation, faultOf(answer?.error));
    }
    open = open.filter((each) => !answers.has(each));
  }
  return cancellations.map((each) => answers.get(each) ?? faultOf(new Error("others kept changing it")));
}

function placeOfCancelled({ claim, kind }: Cancellation): Item {
  return pendingKey(claim.personId, kind);
}

/** An item that cannot be read is left to whoever can read it. */
function cancels({ claim }: Cancellation, item: Item): boolean {
  try {
    return isCancelled(fromWaitingItem(item), claim);
  } catch {
    return false;
  }
}

function toDeletion({ tableName }: LedgerTable, item: Item): Statement {
  const { pk, sk, token } = item;
  return {
    Statement: `DELETE FROM "${tableName}" WHERE "pk" = ? AND "sk" = ? AND "token" = ?`,
    Parameters: [pk, sk, token].flatMap((value) => value ?? []),
  };
}

function faultOf(error: unknown): Extract<CommitAnswer, { kind: "fault" }> {
  return { kind: "fault", reason: `the ledger did not take the result: ${error}` };
}
