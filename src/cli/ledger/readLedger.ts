import type { LedgerTable } from "../../ledger/dynamo/ledgerTable.ts";
import { createDynamoClient } from "../aws/dynamoClient.ts";
import { findRegion } from "../aws/findRegion.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { type AskedTable, explainDynamoFailure } from "./explainDynamoFailure.ts";
import type { LedgerOptions } from "./ledgerOptions.ts";

export type LedgerReading<T> = { kind: "read"; value: T } | Exclude<CommandEnd, { kind: "done" }>;

/** Why one request failed, and what to do about it. Rethrows what was no request's failure. */
export type ExplainFailure = (error: unknown) => string;

/** Opens the ledger, lets `read` read, and closes it again. What DynamoDB refuses is told as a command's end. */
export async function readLedger<T>(
  options: LedgerOptions & Pick<AskedTable, "toChange">,
  read: (table: LedgerTable, explain: ExplainFailure) => Promise<T>,
): Promise<LedgerReading<T>> {
  const dynamo = createDynamoClient(options);
  try {
    const found = await findRegion(dynamo);
    if (found.kind === "none") return { kind: "misused", message: found.message };
    const { region } = found;
    const failureOf = (error: unknown) => explainDynamoFailure(error, { ...options, region });
    try {
      const table = { dynamo, tableName: options.table };
      return { kind: "read", value: await read(table, (error) => failureOf(error).message) };
    } catch (error) {
      return failureOf(error);
    }
  } finally {
    dynamo.destroy();
  }
}
