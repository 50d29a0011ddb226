import type { Ledger } from "../ledger.ts";
import { claimHeads } from "./claimHeads.ts";
import { concludeHeads } from "./concludeHeads.ts";
import type { LedgerTable } from "./ledgerTable.ts";
import { recordEntries } from "./recordEntries.ts";
import { standingHeads } from "./standingHeads.ts";

/** The ledger in DynamoDB: single conditional writes only, each of them atomic by itself. */
export function dynamoLedger(table: LedgerTable): Ledger {
  return {
    claim: (claims, lease) => claimHeads(table, claims, lease),
    conclude: (conclusions, lease) => concludeHeads(table, conclusions, lease),
    record: (entries) => recordEntries(table, entries),
    standing: (heads) => standingHeads(table, heads),
  };
}
