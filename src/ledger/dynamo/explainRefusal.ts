import { BatchGetItemCommand } from "@aws-sdk/client-dynamodb";
import { openOutcomes } from "../journalEntry.ts";
import type { Claim, ClaimAnswer, Lease } from "../ledger.ts";
import { eventKey, headKey, type Item, type LedgerTable } from "./ledgerTable.ts";

/** Says why a claim was refused, from the head and the event's own journal entry. Only refused claims cost this read. */
export async function explainRefusal(
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
