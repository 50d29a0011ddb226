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
import { allOf, isNotDiscarded, noNewerIsApproved, noneStandsOver } from "./headConditions.ts";
import { isOpenEntry, openValues } from "./journalItems.ts";
import { dueIndex, eventKey, headKey, type Item, type LedgerTable, pendingKey } from "./ledgerTable.ts";
import {
  duePartition,
  fromHeldItem,
  heldPartition,
  isAsRead,
  listWaiting,
  removeWaiting,
} from "./pendingItems.ts";

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

/**
 * Writes the journal first, so that it names the operator whatever happens then; the approval second; and the due date last,
 * because a decision that is published without its approval would be held again.
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
    // As for a claim, and an approval of a newer decision, which another operator gave meanwhile, is kept.
    condition: allOf(noneStandsOver, isNotDiscarded, noNewerIsApproved),
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
 * Discards a held decision in five steps. A process that dies between them leaves it held, to be discarded again.
 *
 * 1. The item gets a new token, so that another operator's release has either come first or comes too late.
 * 2. An event without a journal entry stays: its worker died before it wrote one, and its message comes again.
 * 3. The head is marked, so that no copy of the event is claimed. An invocation that acts on a copy forbids it.
 * 4. The journal says "discarded", which is true from now on.
 * 5. The item is removed.
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
    condition: `${isOpenEntry} OR ${isDiscardedEntry}`,
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

/** Another operator's discard may have been interrupted after this entry. */
const isDiscardedEntry = "outcome = :discarded";

async function isJournalled(
  { dynamo, tableName: TableName }: LedgerTable,
  { personId, eventId }: StoredHeldDecision,
): Promise<boolean> {
  const Key = eventKey(personId, eventId);
  const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  const outcome = Item?.outcome?.S;
  return outcome === "discarded" || openOutcomes.some((open) => open === outcome);
}

/** Writes the waiting decision with a new token, if nobody has written it since it was read. */
function rewrite(
  table: LedgerTable,
  { personId, intent, token: before }: StoredHeldDecision,
  token: string,
  set: Item = {},
): Promise<boolean> {
  return update(table, {
    key: pendingKey(personId, intent),
    condition: isAsRead,
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
  // Every name is a placeholder: `by`, `token` and others are reserved words of DynamoDB.
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

const changed = { kind: "changed" } as const;
