import type { LedgerTable } from "../../ledger/dynamo/ledgerTable.ts";
import type { CommandEnd } from "../commandEnd.ts";
import type { LedgerOptions } from "./ledgerOptions.ts";
import { type ExplainFailure, readLedger } from "./readLedger.ts";

/**
 * Opens the ledger for a command that writes to it, and closes it again. What DynamoDB refuses is told as the command's
 * end.
 *
 * @param toChange the permissions that it takes
 */
export async function changeLedger(
  options: LedgerOptions,
  toChange: string,
  change: (table: LedgerTable, explain: ExplainFailure) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  const changing = await readLedger({ ...options, toChange }, change);
  return changing.kind === "read" ? changing.value : changing;
}
