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
import { commitHeads } from "./commitHeads.ts";
import { allOf, isNotDiscarded, leaseIsFree, noNewerClaimIsOpen, noneStandsOver } from "./headConditions.ts";
import { recordEntries } from "./journalItems.ts";
import { eventKey, headKey, type Item, type LedgerTable, noClaim, requestsAtOnce } from "./ledgerTable.ts";
import { abandonClaims } from "./openClaims.ts";

/** The ledger in DynamoDB. It makes single conditional writes only, each of them atomic by itself. */
export function dynamoLedger(table: LedgerTable): Ledger {
  return {
    claim: (claims, lease) => claimHeads(table, claims, lease),
    commit: (results, lease) => commitHeads(table, results, lease),
    record: (entries) => recordEntries(table, entries),
    abandon: (claims, lease) => abandonClaims(table, claims, lease),
    standing: (heads) => standingHeads(table, heads),
  };
}

/**
 * One conditional update per claim checks the order, idempotency and the lease, so that nothing can come between check and
 * claim. An operator's approval lies on the head too, so that it is known without another read.
 */
const claimCondition = allOf(noneStandsOver, noNewerClaimIsOpen, isNotDiscarded, leaseIsFree);

/** Stores the claim that it found, so that a release without a decision can open that one again. */
const claimUpdate =
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
        UpdateExpression: claimUpdate,
        ConditionExpression: claimCondition,
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

/** The operator who approved this very decision, and why. An approval of another one about the person is not meant. */
function approvalOf(
  head: Item | undefined,
  { version }: Claim,
): Pick<Granted, "approvedBy" | "approvalNote"> {
  if (head?.approvedBy?.S === undefined || head.approved?.S !== version) return {};
  const approvalNote = head.approvalNote?.S;
  return { approvedBy: head.approvedBy.S, ...(approvalNote && { approvalNote }) };
}

type Granted = Extract<ClaimAnswer, { kind: "granted" }>;

/** Finds out why a claim was refused, from the head and the event's journal entry. Only refused claims cost this read. */
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
 * The journal counts only if a newer decision stands. Otherwise an entry may be there although the head never moved, because
 * its worker died in between: then the event has to be carried out again, and its message must stay.
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
      ? { kind: "duplicate" }
      : { kind: "superseded", by: head?.settledEventId?.S ?? "unknown" };
  }
  if (settled === version && head?.settledAs?.S !== "rejected") return { kind: "duplicate" };
  // Otherwise it is the lease, a newer claim that is open, or the head changed between the refusal and this read: try again.
  return { kind: "busy", until: Math.max(now, Number(head?.leaseUntil?.N ?? now)) };
}

function isFinal(entry: Item | undefined): boolean {
  const outcome = entry?.outcome?.S;
  return outcome !== undefined && !openOutcomes.some((open) => open === outcome);
}

type Head = Pick<Claim, "personId" | "aspect">;

/** Makes one consistent read for each; only follow-ups need it. */
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
