import { chimeClients } from "../../src/directory/chime/chimeClients.ts";
import { chimeDirectory } from "../../src/directory/chime/chimeDirectory.ts";
import { ledgerTable } from "../../src/lambda/serviceClients.ts";
import { dynamoForgottenPeople } from "../../src/ledger/dynamo/dynamoForgottenPeople.ts";
import { dynamoIdentityCache } from "../../src/ledger/dynamo/dynamoIdentityCache.ts";
import { dynamoLedger, dynamoObservations } from "../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { dynamoPauseStore } from "../../src/safeguard/dynamo/dynamoPauseStore.ts";
import { watchPauses } from "../../src/safeguard/pauses.ts";
import { measured } from "./measured.ts";
import { memoryPorts, rollcallHandler } from "./rollcallHandler.ts";

const tableName = process.env.TABLE_NAME;

function dynamoPorts(tableName: string) {
  const table = ledgerTable(tableName);
  return {
    forgotten: dynamoForgottenPeople(table),
    ledger: dynamoLedger(table),
    observations: dynamoObservations(table),
    pending: dynamoPendingStore(table),
    identities: dynamoIdentityCache(table, (error) => {
      throw error;
    }),
    pauses: watchPauses(dynamoPauseStore(table), Date.now),
  };
}

/** With the ledger in the table that TABLE_NAME names, or in memory without one. */
export const handler = measured(
  rollcallHandler({
    directory: chimeDirectory(chimeClients()),
    ...(tableName === undefined ? memoryPorts() : dynamoPorts(tableName)),
  }),
);
