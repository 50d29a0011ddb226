import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { Claim, ClaimResult, CommitAnswer, Lease } from "../ledger.ts";
import type { WaitingKind } from "../pendingStore.ts";
import { allOf, isClaimed, ownsLease } from "./headConditions.ts";
import { putEntry } from "./journalItems.ts";
import { headKey, type LedgerTable, noClaim, pendingKey, requestsAtOnce } from "./ledgerTable.ts";
import { noNewerWaits } from "./pendingItems.ts";

/** Commits the results of claims: one answer for each, in their order. */
export function commitHeads(
  table: LedgerTable,
  results: readonly ClaimResult[],
  lease: Lease,
): Promise<CommitAnswer[]> {
  return pMap(results, (result) => commitHead(table, result, lease), { concurrency: requestsAtOnce });
}

/**
 * Writes the journal first and the head last: a worker that dies between the two leaves an entry and an open claim, and the
 * event is carried out once more under the same version. The other way round the entry would be lost.
 */
async function commitHead(table: LedgerTable, result: ClaimResult, lease: Lease): Promise<CommitAnswer> {
  try {
    if (result.kind === "keep") return await keep(table, result, lease);
    if (result.entry !== undefined) await putEntry(table, result.entry);
    if (result.kind === "release")
      await table.dynamo.send(new UpdateItemCommand(releasedHead(table, result, lease)));
    else {
      const cancelled = await cancelPending(table, result.claim, result.pending);
      await table.dynamo.send(new UpdateItemCommand(movedHead(table, result, cancelled, lease)));
    }
    return done;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return { kind: "fault", reason: "the lease ended before the result was committed" };
    }
    return { kind: "fault", reason: `the ledger did not take the result: ${String(error)}` };
  }
}

async function keep(
  table: LedgerTable,
  result: Extract<ClaimResult, { kind: "keep" }>,
  lease: Lease,
): Promise<CommitAnswer> {
  if (result.counted) {
    const mark = { ...ownedHead(table, result, lease), UpdateExpression: "SET counted = :version" };
    await table.dynamo.send(new UpdateItemCommand(mark));
  }
  return done;
}

/** Checks the lease again: an invocation that lost it must not move the head, whatever made it late. */
function ownedHead({ tableName }: LedgerTable, { claim }: ClaimResult, { owner }: Lease) {
  return {
    TableName: tableName,
    Key: headKey(claim.personId, claim.aspect),
    ConditionExpression: allOf(ownsLease, isClaimed),
    ExpressionAttributeValues: { ":owner": { S: owner }, ":version": { S: claim.version } },
  };
}

/**
 * A retry leaves the head as the claim found it: an earlier claim that never ended is open again. A deferred decision leaves
 * no claim open, because others would have to wait until its date.
 */
function releasedHead(
  table: LedgerTable,
  result: Extract<ClaimResult, { kind: "release" }>,
  lease: Lease,
): UpdateItemCommandInput {
  const base = ownedHead(table, result, lease);
  if (result.entry !== undefined) return { ...base, UpdateExpression: `REMOVE ${claimAttributes}, claimed` };
  return {
    ...base,
    UpdateExpression: `SET claimed = if_not_exists(claimedBefore, :none)${result.counted ? ", counted = :version" : ""} REMOVE ${claimAttributes}`,
    ExpressionAttributeValues: { ...base.ExpressionAttributeValues, ":none": { S: noClaim } },
  };
}

const claimAttributes = "leaseOwner, leaseUntil, claimedBefore";

/** Moves the head to the decision, which stands from now on. */
function movedHead(
  table: LedgerTable,
  result: Extract<ClaimResult, { kind: "stand" }>,
  cancelled: readonly WaitingKind[],
  lease: Lease,
): UpdateItemCommandInput {
  const { claim, as, approvedBy, counted = false } = result;
  const base = ownedHead(table, result, lease);
  const deleteCancelled = cancelled.length === 0 ? "" : " DELETE pending :cancelled";
  // Only the approval that it was claimed with: an operator may have approved a newer decision meanwhile.
  const removeApproval = approvedBy === undefined ? "" : ", approved, approvedBy, approvalNote";
  return {
    ...base,
    UpdateExpression: `SET settled = :version, settledAs = :as, settledEventId = :event${counted ? ", counted = :version" : ""} REMOVE ${claimAttributes}, claimed${counted ? "" : ", counted"}${removeApproval}${deleteCancelled}`,
    ExpressionAttributeValues: {
      ...base.ExpressionAttributeValues,
      ":as": { S: as },
      ":event": { S: claim.eventId },
      ...(cancelled.length > 0 && { ":cancelled": { SS: [...cancelled] } }),
    },
  };
}

/**
 * Removes a person's waiting decisions that are not newer than the one that stands now, and returns their kinds. Throws what
 * the SDK throws.
 */
async function cancelPending(
  { dynamo, tableName }: LedgerTable,
  { personId, version }: Claim,
  kinds: readonly WaitingKind[],
): Promise<WaitingKind[]> {
  const cancelled: WaitingKind[] = [];
  for (const kind of kinds) {
    try {
      await dynamo.send(
        new DeleteItemCommand({
          TableName: tableName,
          Key: pendingKey(personId, kind),
          ConditionExpression: noNewerWaits,
          ExpressionAttributeValues: { ":version": { S: version } },
        }),
      );
      cancelled.push(kind);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  return cancelled;
}

const done: CommitAnswer = { kind: "done" };
