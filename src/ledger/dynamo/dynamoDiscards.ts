import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { pipelines } from "../../pipelineSettings.ts";
import type { JournalEntry } from "../ledger.ts";
import type { DecisionToMark, DiscardAnswer, Discards, MarkAnswer } from "../operatorDecisions.ts";
import { allOf, isNotApplied, isNotClaimed } from "./headConditions.ts";
import { putEntry } from "./journalItems.ts";
import { headKey, type Item, type LedgerTable } from "./ledgerTable.ts";
import { endClaimUpdate } from "./openClaims.ts";

/**
 * The discarded events in DynamoDB: a set of versions on each head, which every claim checks in its condition.
 * `now` in milliseconds since the epoch. Needs `dynamodb:GetItem`, `UpdateItem` and `PutItem`.
 */
export function dynamoDiscards(table: LedgerTable, now: () => number): Discards {
  return {
    async discard(entry) {
      try {
        return await discard(table, entry, now());
      } catch (error) {
        return { kind: "fault", reason: `the ledger did not take it: ${String(error)}; discard it again` };
      }
    },
  };
}

/**
 * Marks the head first and writes the journal last: a process that dies in between leaves the dead letter where it is, to be
 * discarded again. The other way round the journal could say "discarded" of an event that a copy carries out all the same.
 */
async function discard(table: LedgerTable, entry: JournalEntry, now: number): Promise<DiscardAnswer> {
  const { personId, version, intent } = entry;
  const answer = await markDiscarded(table, { personId, version, aspect: pipelines[intent].aspect }, now);
  if (answer.kind !== "marked") return answer;
  return (await putEntry(table, entry)) ? { kind: "done" } : { kind: "settled" };
}

/**
 * Marks a decision on its head as discarded, so that no claim of it is granted any more, and ends the claim of a worker that
 * died over it. `now` in milliseconds since the epoch. Throws what the SDK throws.
 */
export async function markDiscarded(
  { dynamo, tableName: TableName }: LedgerTable,
  { personId, aspect, version }: DecisionToMark,
  now: number,
): Promise<MarkAnswer> {
  const Key = headKey(personId, aspect);
  const { Item = {} } = await dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  if (Item.settled?.S === version && Item.settledAs?.S !== "rejected") return { kind: "settled" };
  try {
    await dynamo.send(new UpdateItemCommand({ TableName, Key, ...markUpdate(Item, version, now) }));
    return { kind: "marked" };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { kind: "busy", until: Math.max(now, Number(Item.leaseUntil?.N ?? now)) };
  }
}

/** The update depends on the claim that the head has. It fails if that changed since the read, or if its lease still runs. */
function markUpdate(head: Item, version: string, now: number) {
  const mark = "ADD discarded :discarded";
  const marked = { ":discarded": { SS: [version] } };
  const ending = endClaimUpdate(head, version, now);
  if (ending === undefined) {
    return {
      UpdateExpression: mark,
      ConditionExpression: allOf(isNotClaimed, isNotApplied),
      ExpressionAttributeValues: {
        ...marked,
        ":version": { S: version },
        ":rejected": { S: "rejected" },
      },
    };
  }
  return {
    ...ending,
    UpdateExpression: `${ending.UpdateExpression} ${mark}`,
    ExpressionAttributeValues: { ...ending.ExpressionAttributeValues, ...marked },
  };
}
