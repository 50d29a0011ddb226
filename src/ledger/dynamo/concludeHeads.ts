import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { Claim, ClaimResult, CommitAnswer, Lease } from "../ledger.ts";
import type { WaitingKind } from "../pendingStore.ts";
import { putEntry } from "./journalItems.ts";
import { headKey, type LedgerTable, noClaim, pendingKey, requestsAtOnce } from "./ledgerTable.ts";

const done: CommitAnswer = { kind: "done" };

export function commitHeads(
  table: LedgerTable,
  conclusions: readonly ClaimResult[],
  lease: Lease,
): Promise<CommitAnswer[]> {
  return pMap(conclusions, (conclusion) => conclude(table, conclusion, lease), {
    concurrency: requestsAtOnce,
  });
}

/**
 * The journal first, the head last: a worker that dies between the two leaves an entry and an open claim, and the
 * event is carried out once more under the same version. The other way round the entry would be lost.
 */
async function conclude(table: LedgerTable, conclusion: ClaimResult, lease: Lease): Promise<CommitAnswer> {
  try {
    if (conclusion.kind === "keep") return await keep(table, conclusion, lease);
    if (conclusion.entry !== undefined) await putEntry(table, conclusion.entry);
    if (conclusion.kind === "release")
      await table.dynamo.send(new UpdateItemCommand(released(table, conclusion, lease)));
    else {
      const cancelled = await cancelPending(table, conclusion.claim, conclusion.pending);
      await table.dynamo.send(new UpdateItemCommand(moved(table, conclusion, cancelled, lease)));
    }
    return done;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return { kind: "fault", reason: "the lease ended before the decision was settled" };
    }
    return { kind: "fault", reason: `the ledger did not take the settlement: ${String(error)}` };
  }
}

async function keep(
  table: LedgerTable,
  conclusion: Extract<ClaimResult, { kind: "keep" }>,
  lease: Lease,
): Promise<CommitAnswer> {
  if (conclusion.counted) {
    const mark = { ...owned(table, conclusion, lease), UpdateExpression: "SET counted = :version" };
    await table.dynamo.send(new UpdateItemCommand(mark));
  }
  return done;
}

/** The lease is checked again: whoever lost it must not move the head, whatever made it late. */
function owned({ tableName }: LedgerTable, { claim }: ClaimResult, { owner }: Lease) {
  return {
    TableName: tableName,
    Key: headKey(claim.personId, claim.aspect),
    ConditionExpression: "leaseOwner = :owner AND claimed = :version",
    ExpressionAttributeValues: { ":owner": { S: owner }, ":version": { S: claim.version } },
  };
}

/**
 * Who tries again leaves the head as the claim found it: an earlier claim that never came to its end is open again. Who
 * waits for a day leaves none open, because nobody may wait for that long.
 */
function released(
  table: LedgerTable,
  conclusion: Extract<ClaimResult, { kind: "release" }>,
  lease: Lease,
): UpdateItemCommandInput {
  const base = owned(table, conclusion, lease);
  if (conclusion.entry !== undefined) return { ...base, UpdateExpression: `REMOVE ${ofAClaim}, claimed` };
  return {
    ...base,
    UpdateExpression: `SET claimed = if_not_exists(claimedBefore, :none)${conclusion.counted ? ", counted = :version" : ""} REMOVE ${ofAClaim}`,
    ExpressionAttributeValues: { ...base.ExpressionAttributeValues, ":none": { S: noClaim } },
  };
}

const ofAClaim = "leaseOwner, leaseUntil, claimedBefore";

function moved(
  table: LedgerTable,
  conclusion: Extract<ClaimResult, { kind: "stand" }>,
  cancelled: readonly WaitingKind[],
  lease: Lease,
): UpdateItemCommandInput {
  const { claim, as, approvedBy, counted = false } = conclusion;
  const base = owned(table, conclusion, lease);
  const forget = cancelled.length === 0 ? "" : " DELETE pending :cancelled";
  // Only the one that it was claimed with: an operator may have approved of a newer decision meanwhile.
  const approval = approvedBy === undefined ? "" : ", approved, approvedBy, approvalNote";
  return {
    ...base,
    UpdateExpression: `SET settled = :version, settledAs = :as, settledEventId = :event${counted ? ", counted = :version" : ""} REMOVE ${ofAClaim}, claimed${counted ? "" : ", counted"}${approval}${forget}`,
    ExpressionAttributeValues: {
      ...base.ExpressionAttributeValues,
      ":as": { S: as },
      ":event": { S: claim.eventId },
      ...(cancelled.length > 0 && { ":cancelled": { SS: [...cancelled] } }),
    },
  };
}

/**
 * Removes a person's waiting decisions that are not newer than the one which stands now, and gives back the kinds
 * that wait no longer. Throws what the SDK throws.
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
          ConditionExpression: "attribute_not_exists(version) OR version <= :version",
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
