import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { Intent } from "../../pipelines.ts";
import type { ConcludeAnswer, Conclusion, Lease } from "../ledger.ts";
import { cancelPending } from "./cancelPending.ts";
import { headKey, type LedgerTable, requestsAtOnce } from "./ledgerTable.ts";
import { putEntry } from "./putEntry.ts";

const done: ConcludeAnswer = { kind: "done" };

export function concludeHeads(
  table: LedgerTable,
  conclusions: readonly Conclusion[],
  lease: Lease,
): Promise<ConcludeAnswer[]> {
  return pMap(conclusions, (conclusion) => conclude(table, conclusion, lease), {
    concurrency: requestsAtOnce,
  });
}

/**
 * The journal first, the head last: a worker that dies between the two leaves an entry and an open claim, and the
 * event is carried out once more under the same version. The other way round the entry would be lost.
 */
async function conclude(table: LedgerTable, conclusion: Conclusion, lease: Lease): Promise<ConcludeAnswer> {
  try {
    if (conclusion.kind === "keep") return done;
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

/** The lease is checked again: whoever lost it must not move the head, whatever made it late. */
const stillOwned = "leaseOwner = :owner AND claimed = :version";

function released(
  { tableName }: LedgerTable,
  { claim }: Conclusion,
  { owner }: Lease,
): UpdateItemCommandInput {
  return {
    TableName: tableName,
    Key: headKey(claim.personId, claim.aspect),
    ConditionExpression: stillOwned,
    UpdateExpression: "REMOVE leaseOwner, leaseUntil, claimed",
    ExpressionAttributeValues: { ":owner": { S: owner }, ":version": { S: claim.version } },
  };
}

function moved(
  table: LedgerTable,
  conclusion: Extract<Conclusion, { kind: "stand" }>,
  cancelled: readonly Intent[],
  lease: Lease,
): UpdateItemCommandInput {
  const { claim, as } = conclusion;
  const base = released(table, conclusion, lease);
  const forget = cancelled.length === 0 ? "" : " DELETE pending :cancelled";
  return {
    ...base,
    UpdateExpression: `SET settled = :version, settledAs = :as, settledEventId = :event ${base.UpdateExpression}${forget}`,
    ExpressionAttributeValues: {
      ...base.ExpressionAttributeValues,
      ":as": { S: as },
      ":event": { S: claim.eventId },
      ...(cancelled.length > 0 && { ":cancelled": { SS: [...cancelled] } }),
    },
  };
}
