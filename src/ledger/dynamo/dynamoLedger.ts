import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import {
  type Claim,
  type ClaimAnswer,
  type Lease,
  type Ledger,
  openOutcomes,
  type StandingAnswer,
} from "../ledger.ts";
import { isWaitingKind, type WaitingKind } from "../pendingStore.ts";
import { commitHeads } from "./concludeHeads.ts";
import { recordEntries } from "./journalItems.ts";
import { eventKey, headKey, type Item, type LedgerTable, noClaim, requestsAtOnce } from "./ledgerTable.ts";

/** The ledger in DynamoDB: single conditional writes only, each of them atomic by itself. */
export function dynamoLedger(table: LedgerTable): Ledger {
  return {
    claim: (claims, lease) => claimHeads(table, claims, lease),
    commit: (conclusions, lease) => commitHeads(table, conclusions, lease),
    record: (entries) => recordEntries(table, entries),
    standing: (heads) => standingHeads(table, heads),
  };
}

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

function claimHeads(table: LedgerTable, claims: readonly Claim[], lease: Lease): Promise<ClaimAnswer[]> {
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

/** Says why a claim was refused, from the head and the event's own journal entry. Only refused claims cost this read. */
async function explainRefusal(
  { dynamo, tableName }: LedgerTable,
  claim: Claim,
  lease: Lease,
): Promise<ClaimAnswer> {
  const keys = [headKey(claim.personId, claim.aspect), eventKey(claim.personId, claim.eventId)];
  try {
    const { Responses } = await dynamo.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true } } }),
    );
    const items = Responses?.[tableName] ?? [];
    const head = items.find(({ sk }) => sk?.S?.startsWith("head#"));
    const entry = items.find(({ sk }) => sk?.S?.startsWith("event#"));
    return explain(head, entry, claim, lease);
  } catch (error) {
    return { kind: "fault", reason: `the ledger could not be read: ${String(error)}` };
  }
}

/**
 * The journal is believed only below a head that stands over the event. An entry can be there while the head never
 * moved, because its worker died in between: then the event has to be carried out again, and its message must stay.
 */
function explain(
  head: Item | undefined,
  entry: Item | undefined,
  { version }: Claim,
  { now }: Lease,
): ClaimAnswer {
  if (head?.discarded?.SS?.includes(version)) return { kind: "discarded" };
  const settled = head?.settled?.S ?? "";
  if (settled > version) {
    return isFinal(entry)
      ? { kind: "settled" }
      : { kind: "superseded", by: head?.settledEventId?.S ?? "unknown" };
  }
  if (settled === version && head?.settledAs?.S !== "rejected") return { kind: "settled" };
  // Otherwise it is the lease, a newer claim that is open still, or the head changed between the refusal and this read: either way, try again.
  return { kind: "busy", until: Math.max(now, Number(head?.leaseUntil?.N ?? now)) };
}

function isFinal(entry: Item | undefined): boolean {
  const outcome = entry?.outcome?.S;
  return outcome !== undefined && !openOutcomes.some((open) => open === outcome);
}

type Head = Pick<Claim, "personId" | "aspect">;

/** One consistent read for each; only what follows from another decision asks. */
function standingHeads(table: LedgerTable, heads: readonly Head[]): Promise<StandingAnswer[]> {
  return pMap(heads, (head) => standingHead(table, head), { concurrency: requestsAtOnce });
}

async function standingHead(
  { dynamo, tableName: TableName }: LedgerTable,
  { personId, aspect }: Head,
): Promise<StandingAnswer> {
  const Key = headKey(personId, aspect);
  try {
    const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    const claimed = Item?.claimed?.S ?? noClaim;
    return claimed === noClaim ? { kind: "stands", eventId: Item?.settledEventId?.S } : { kind: "open" };
  } catch (error) {
    return { kind: "fault", reason: `the ledger could not be read: ${String(error)}` };
  }
}
