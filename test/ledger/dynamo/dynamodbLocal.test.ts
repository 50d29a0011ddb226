import { dynamoRosterMemory } from "../../../src/reconcile/dynamo/dynamoRosterMemory.ts";
import { dynamoSafeguardStore } from "../../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { describeOnDynamodbLocal } from "../../dynamodbLocal.ts";
import { ledgerTables } from "../../ledgerTables.ts";
import { rosterMemoryContract } from "../../reconcile/rosterMemoryContract.ts";
import { safeguardContract } from "../../safeguard/safeguardContract.ts";
import { ledgerContract } from "../ledgerContract.ts";
import { ledgerOver } from "./startDynamoWorld.ts";

/** Everything that is kept in the ledger's table keeps its contract on Amazon's DynamoDB too, and not on dynalite alone. */
describeOnDynamodbLocal((local) => {
  const openTable = async () => {
    const { client, createTable } = local();
    const [template] = ledgerTables();
    if (template === undefined) throw new Error("expected the ledger's table in the template");
    return { dynamo: client, tableName: await createTable(template) };
  };
  /** The table stays, empty for nobody else: its name is never used again. */
  const close = async () => undefined;
  const onCacheFault = (error: unknown) => {
    throw new Error("the identity cache met a fault", { cause: error });
  };

  ledgerContract("the ledger in DynamoDB", async () => {
    const table = await openTable();
    return { ...ledgerOver(table, table, onCacheFault), close };
  });

  safeguardContract("the safeguard in DynamoDB", async () => ({
    store: dynamoSafeguardStore(await openTable()),
    close,
  }));

  rosterMemoryContract("the memory of the last roster in DynamoDB", async () => ({
    memory: dynamoRosterMemory(await openTable(), "s3://acme-hr/exports/workers.csv"),
    close,
  }));
});
