import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import {
  type DeferAnswer,
  type PendingStore,
  type StoredDecision,
  type WaitingDecision,
  waitingKind,
} from "../pendingStore.ts";
import { headKey, type LedgerTable, pendingKey, requestsAtOnce } from "./ledgerTable.ts";
import {
  duePartition,
  fromPendingItem,
  listWaiting,
  noNewerWaits,
  removeWaiting,
  toPendingItem,
} from "./pendingItems.ts";

/** An item among the waiting decisions that Rollcall did not write, or that somebody changed. */
export interface UnreadableItem {
  /** Where it lies in the table. */
  key: string;
  error: unknown;
}

/**
 * The waiting decisions in DynamoDB.
 *
 * @param onUnreadable called with each item that is no decision, and the others are listed; without it the list throws
 */
export function dynamoPendingStore(
  table: LedgerTable,
  onUnreadable: (item: UnreadableItem) => void = rethrow,
): PendingStore {
  return {
    defer: (decisions) =>
      pMap(decisions, (decision) => deferDecision(table, decision), { concurrency: requestsAtOnce }),
    list: (until) => list(table, until, onUnreadable),
    remove: async (decision) => {
      // Otherwise it was deferred anew, or removed by a decision that cancels it: both are right.
      await removeWaiting(table, decision);
    },
  };
}

function rethrow({ error }: UnreadableItem): never {
  throw error;
}

async function* list(
  table: LedgerTable,
  until: number | undefined,
  onUnreadable: (item: UnreadableItem) => void,
): AsyncGenerator<StoredDecision> {
  for await (const item of listWaiting(table, duePartition, until)) {
    try {
      yield fromPendingItem(item);
    } catch (error) {
      onUnreadable({ key: `${item.pk?.S} ${item.sk?.S}`, error });
    }
  }
}

/**
 * Stores one decision, then notes its kind on the head. If the process dies in between, the decision is published when it is
 * due all the same; only, a newer decision cannot remove it early, and supersedes it then.
 */
async function deferDecision(
  { dynamo, tableName }: LedgerTable,
  decision: WaitingDecision,
): Promise<DeferAnswer> {
  const { personId, aspect } = decision;
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: tableName,
        Item: toPendingItem(decision),
        ...conditionOf(decision),
      }),
    );
    await dynamo.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: headKey(personId, aspect),
        UpdateExpression: "ADD pending :kind",
        ExpressionAttributeValues: { ":kind": { SS: [waitingKind(decision)] } },
      }),
    );
    return { kind: "deferred" };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException)
      return explainRefusedDefer({ dynamo, tableName }, decision);
    return { kind: "fault", reason: `the decision could not be stored: ${String(error)}` };
  }
}

/** A copy of an event that comes when an operator has just released it must not hold it again. */
function conditionOf({ because, version }: WaitingDecision) {
  const versionValue = { ":version": { S: version } };
  return because === "held"
    ? {
        ConditionExpression: `(${noNewerWaits}) AND NOT ${isReleased}`,
        ExpressionAttributeValues: { ...versionValue, ":released": { S: "released" } },
      }
    : { ConditionExpression: noNewerWaits, ExpressionAttributeValues: versionValue };
}

const isReleased = "(version = :version AND because = :released)";

async function explainRefusedDefer(
  { dynamo, tableName }: LedgerTable,
  decision: WaitingDecision,
): Promise<DeferAnswer> {
  const Key = pendingKey(decision.personId, waitingKind(decision));
  try {
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }),
    );
    // It waits already: an operator released it.
    if (Item?.version?.S === decision.version) return { kind: "deferred" };
    return { kind: "superseded", by: Item?.eventId?.S ?? "unknown" };
  } catch (error) {
    return { kind: "fault", reason: `the ledger could not be read: ${String(error)}` };
  }
}
