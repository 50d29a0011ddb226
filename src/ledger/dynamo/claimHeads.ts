import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { Claim, ClaimAnswer, Lease } from "../ledger.ts";
import { isWaitingKind, type WaitingKind } from "../pendingStore.ts";
import { explainRefusal } from "./explainRefusal.ts";
import { headKey, type Item, type LedgerTable, noClaim, requestsAtOnce } from "./ledgerTable.ts";

/**
 * One conditional update per claim. It is at once the check of the order (the head is older), of idempotency (the
 * head is not this very decision, or that was rejected and is tried again; and no operator discarded it) and of the
 * lease (nobody else acts), so that nothing can come between check and claim. An operator's approval lies on the head
 * too, so that it is known without another read.
 *
 * A claim that never came to its end holds up older decisions beyond its lease: its call may have been made and its
 * entry written, and its message comes again.
 */
const condition = [
  "(attribute_not_exists(settled) OR settled < :version OR (settled = :version AND settledAs = :rejected))",
  "(attribute_not_exists(claimed) OR claimed <= :version)",
  "(attribute_not_exists(discarded) OR NOT contains(discarded, :version))",
  "(attribute_not_exists(leaseUntil) OR leaseUntil < :now OR leaseOwner = :owner)",
].join(" AND ");

/** Remembers the claim that it found, for `concludeHeads` to put back when it lets go without a decision. */
const update =
  "SET claimedBefore = if_not_exists(claimed, :none), claimed = :version, leaseOwner = :owner, leaseUntil = :until, email = :email";

export function claimHeads(
  table: LedgerTable,
  claims: readonly Claim[],
  lease: Lease,
): Promise<ClaimAnswer[]> {
  return pMap(claims, (claim) => claimHead(table, claim, lease), { concurrency: requestsAtOnce });
}

async function claimHead(table: LedgerTable, claim: Claim, lease: Lease): Promise<ClaimAnswer> {
  try {
    const { Attributes } = await table.dynamo.send(
      new UpdateItemCommand({
        TableName: table.tableName,
        Key: headKey(claim.personId, claim.aspect),
        UpdateExpression: update,
        ConditionExpression: condition,
        ExpressionAttributeValues: {
          ":version": { S: claim.version },
          ":none": { S: noClaim },
          ":rejected": { S: "rejected" },
          ":owner": { S: lease.owner },
          ":now": { N: String(lease.now) },
          ":email": { S: claim.email },
          ":until": { N: String(lease.until) },
        },
        ReturnValues: "ALL_OLD",
      }),
    );
    return {
      kind: "granted",
      interrupted: Attributes?.claimed?.S === claim.version,
      pending: pendingOf(Attributes),
      ...approvalOf(Attributes, claim),
      ...(Attributes?.counted?.S === claim.version && { counted: true }),
    };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return explainRefusal(table, claim, lease);
    return { kind: "fault", reason: `the ledger did not take the claim: ${String(error)}` };
  }
}

function pendingOf(head: Item | undefined): WaitingKind[] {
  return (head?.pending?.SS ?? []).filter(isWaitingKind);
}

/** Who approved of this very decision, and why. An approval of another one about the person counts for nothing. */
function approvalOf(
  head: Item | undefined,
  { version }: Claim,
): Pick<Granted, "approvedBy" | "approvalNote"> {
  if (head?.approvedBy?.S === undefined || head.approved?.S !== version) return {};
  const approvalNote = head.approvalNote?.S;
  return { approvedBy: head.approvedBy.S, ...(approvalNote && { approvalNote }) };
}

type Granted = Extract<ClaimAnswer, { kind: "granted" }>;
