import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { openOutcomes } from "../ledger.ts";
import type { Approval, HeldAnswer, HeldDecisions } from "../operatorDecisions.ts";
import type { StoredHeldDecision } from "../pendingStore.ts";
import { markDiscarded } from "./dynamoDiscards.ts";
import { isOpenEntry, openValues } from "./journalItems.ts";
import { dueIndex, eventKey, headKey, type Item, type LedgerTable, pendingKey } from "./ledgerTable.ts";
import { duePartition, fromHeldItem, heldPartition, listWaiting, removeWaiting } from "./pendingItems.ts";

/**
 * The held decisions in DynamoDB. Needs `dynamodb:Query` on the index `due`, and `GetItem`, `UpdateItem` and `DeleteItem`
 * on the table.
 */
export function dynamoHeldDecisions(table: LedgerTable): HeldDecisions {
  return {
    list: () => list(table),
    release: (decision, approval) => release(table, decision, approval),
    discard: (decision, approval) => discard(table, decision, approval),
  };
}

async function* list(table: LedgerTable): AsyncGenerator<StoredHeldDecision> {
  for await (const item of listWaiting(table, heldPartition)) yield fromHeldItem(item);
}

const changed = { kind: "changed" } as const;

/**
 * The journal first, so that who did it is written whatever happens then; the approval second; and last the day, because
 * what is published without the approval would be held again.
 */
async function release(
  table: LedgerTable,
  decision: StoredHeldDecision,
  approval: Approval,
): Promise<HeldAnswer<"released">> {
  const isWritten = await update(table, {
    key: eventKey(decision.personId, decision.eventId),
    condition: isOpenEntry,
    values: openValues,
    set: signed(approval),
  });
  if (!isWritten) return changed;
  const isApproved = await update(table, {
    key: headKey(decision.personId, decision.aspect),
    condition: `${isOpen} AND ${isKept} AND (attribute_not_exists(approved) OR approved <= :version)`,
    values: { ":version": { S: decision.version }, ":rejected": { S: "rejected" } },
    set: {
      approved: { S: decision.version },
      approvedBy: { S: approval.by },
      // Empty where there is none, or that of an earlier approval would stay.
      approvalNote: { S: approval.note ?? "" },
    },
  });
  if (!isApproved) return changed;
  const isDue = await rewrite(table, decision, randomUUID(), {
    because: { S: "released" },
    [dueIndex.partition]: { S: duePartition },
    [dueIndex.sort]: { N: String(approval.now) },
  });
  return isDue ? { kind: "released" } : changed;
}

/**
 * The condition of a claim: one that stood as rejected may have been redriven and held then. Beside it stands that the
 * approval of a newer decision, which another operator gave meanwhile, is not overwritten.
 */
const isOpen =
  "(attribute_not_exists(settled) OR settled < :version OR (settled = :version AND settledAs = :rejected))";

/** Another operator's discarding may have been interrupted before the journal knew of it. */
const isKept = "(attribute_not_exists(discarded) OR NOT contains(discarded, :version))";

/**
 * First a token of its own, so that whoever has released it meanwhile, or is about to, has either come first or comes too
 * late: a released decision must not be lost to a list that was read before. An event without an entry was held by a worker
 * that died before it wrote one: its message comes again, and must find its way. Then no copy of the event may be
 * claimed, which an invocation that acts on one forbids; then the journal, so that it never says "discarded" of what is
 * carried out; and last it is removed. Whoever dies in between leaves it held, to be discarded again.
 */
async function discard(
  table: LedgerTable,
  decision: StoredHeldDecision,
  approval: Approval,
): Promise<HeldAnswer<"discarded">> {
  const token = randomUUID();
  if (!(await rewrite(table, decision, token))) return changed;
  if (!(await isJournalled(table, decision))) return changed;
  const answer = await markDiscarded(table, decision, approval.now);
  if (answer.kind === "settled") return changed;
  if (answer.kind === "busy") return answer;
  const isWritten = await update(table, {
    key: eventKey(decision.personId, decision.eventId),
    condition: `${isOpenEntry} OR outcome = :discarded`,
    values: { ...openValues, ":discarded": { S: "discarded" } },
    set: {
      ...signed(approval),
      outcome: { S: "discarded" },
      settledAt: { S: new Date(approval.now).toISOString() },
    },
  });
  if (!isWritten) return changed;
  return (await removeWaiting(table, { ...decision, token })) ? { kind: "discarded" } : changed;
}

async function isJournalled(
  { dynamo, tableName: TableName }: LedgerTable,
  { personId, eventId }: StoredHeldDecision,
): Promise<boolean> {
  const Key = eventKey(personId, eventId);
  const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  const outcome = Item?.outcome?.S;
  return outcome === "discarded" || openOutcomes.some((open) => open === outcome);
}

/** Writes the waiting decision anew, under another token, if it lies there as it was read. */
function rewrite(
  table: LedgerTable,
  { personId, intent, token: before }: StoredHeldDecision,
  token: string,
  set: Item = {},
): Promise<boolean> {
  return update(table, {
    key: pendingKey(personId, intent),
    condition: "#token = :token",
    values: { ":token": { S: before } },
    set: { ...set, token: { S: token } },
  });
}

function signed({ by, note }: Approval): Item {
  return { by: { S: by }, ...(note !== undefined && { note: { S: note } }) };
}

interface Update {
  key: Item;
  condition: string;
  values?: Record<string, AttributeValue>;
  set: Item;
}

/** Sets attributes of one item; false if the condition does not hold. Throws what the SDK throws. */
async function update(
  { dynamo, tableName }: LedgerTable,
  { key, condition, values = {}, set }: Update,
): Promise<boolean> {
  const settings = Object.entries(set);
  // By placeholders throughout: `by`, `token` and others are reserved words of DynamoDB.
  const names = Object.fromEntries(settings.map(([name]) => [`#${name}`, name]));
  const settingValues = Object.fromEntries(settings.map(([name, value]) => [`:set_${name}`, value]));
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: key,
        UpdateExpression: `SET ${settings.map(([name]) => `#${name} = :set_${name}`).join(", ")}`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ...values, ...settingValues },
        ConditionExpression: condition,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
