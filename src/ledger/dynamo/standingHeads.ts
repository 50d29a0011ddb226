import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { Claim, StandingAnswer } from "../ledger.ts";
import { headKey, type LedgerTable, noClaim, requestsAtOnce } from "./ledgerTable.ts";

type Head = Pick<Claim, "personId" | "aspect">;

/** One consistent read for each; only what follows from another decision asks. */
export function standingHeads(table: LedgerTable, heads: readonly Head[]): Promise<StandingAnswer[]> {
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
