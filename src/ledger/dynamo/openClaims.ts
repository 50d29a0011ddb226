import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { Claim, CommitAnswer, Lease } from "../ledger.ts";
import { allOf, isClaimed, leaseHasEnded, wasClaimedBefore } from "./headConditions.ts";
import { headKey, type Item, type LedgerTable, noClaim, requestsAtOnce } from "./ledgerTable.ts";

/** Ends the claims of workers that died: one answer for each, in their order. Only an open claim costs a write. */
export function abandonClaims(
  table: LedgerTable,
  claims: readonly Claim[],
  lease: Lease,
): Promise<CommitAnswer[]> {
  return pMap(claims, (claim) => abandon(table, claim, lease), { concurrency: requestsAtOnce });
}

async function abandon(
  { dynamo, tableName: TableName }: LedgerTable,
  { personId, aspect, version }: Claim,
  { now }: Lease,
): Promise<CommitAnswer> {
  const Key = headKey(personId, aspect);
  try {
    const { Item = {} } = await dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    const ending = endClaimUpdate(Item, version, now);
    if (ending !== undefined) await dynamo.send(new UpdateItemCommand({ TableName, Key, ...ending }));
    return { kind: "done" };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException)
      return { kind: "fault", reason: "another invocation still acts on a copy of it" };
    return { kind: "fault", reason: `the ledger did not end its claim: ${String(error)}` };
  }
}

/**
 * The update that ends a claim on a decision: as a release does, it opens an earlier claim again, of another decision, that
 * never ended. It fails if the head changed since it was read, or if the claim's lease still runs.
 *
 * @param head as it was read
 * @param now milliseconds since the epoch
 * @returns `undefined` where no claim on the decision is open
 */
export function endClaimUpdate({ claimed, claimedBefore }: Item, version: string, now: number) {
  const values = { ":version": { S: version }, ":now": { N: String(now) } };
  if (claimed?.S === version) {
    const earlier = claimedBefore?.S === version ? noClaim : (claimedBefore?.S ?? noClaim);
    return {
      UpdateExpression: "SET claimed = :earlier REMOVE leaseOwner, leaseUntil, claimedBefore",
      ConditionExpression: allOf(isClaimed, leaseHasEnded),
      ExpressionAttributeValues: { ...values, ":earlier": { S: earlier } },
    };
  }
  if (claimedBefore?.S !== version) return undefined;
  return {
    UpdateExpression: "REMOVE claimedBefore",
    ConditionExpression: allOf(wasClaimedBefore, leaseHasEnded),
    ExpressionAttributeValues: values,
  };
}
