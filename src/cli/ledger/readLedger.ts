import type { LedgerTable } from "../../ledger/dynamo/ledgerTable.ts";
import { createDynamoClient } from "../aws/dynamoClient.ts";
import { noRegion, regionOf } from "../aws/regionOf.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { explainDynamoFailure } from "./explainDynamoFailure.ts";
import type { LedgerOptions } from "./ledgerOptions.ts";

export type LedgerReading<T> = { kind: "read"; value: T } | Exclude<CommandEnd, { kind: "done" }>;

/** Opens the ledger, lets `read` read, and closes it again. What DynamoDB refuses is told as a command's end. */
export async function readLedger<T>(
  options: LedgerOptions,
  read: (table: LedgerTable) => Promise<T>,
): Promise<LedgerReading<T>> {
  const dynamo = createDynamoClient(options);
  try {
    const region = await regionOf(dynamo);
    if (region === undefined) return { kind: "misused", message: noRegion };
    try {
      return { kind: "read", value: await read({ dynamo, tableName: options.table }) };
    } catch (error) {
      return explainDynamoFailure(error, { ...options, region });
    }
  } finally {
    dynamo.destroy();
  }
}
