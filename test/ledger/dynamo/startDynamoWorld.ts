import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { devAccount } from "../../../dev/service/devAccount.ts";
import type { DynamoFault } from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { startDynamo } from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import { dynamoDiscards } from "../../../src/ledger/dynamo/dynamoDiscards.ts";
import { dynamoHeldDecisions } from "../../../src/ledger/dynamo/dynamoHeldDecisions.ts";
import { dynamoIdentityCache } from "../../../src/ledger/dynamo/dynamoIdentityCache.ts";
import { dynamoLedger, dynamoObservations } from "../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../../src/ledger/dynamo/dynamoPendingStore.ts";
import { fromJournalItem } from "../../../src/ledger/dynamo/journalItems.ts";
import { eventKey, type Item, type LedgerTable } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { trailOf } from "../../../src/ledger/journal.ts";
import { pipelineNames } from "../../../src/pipelineSettings.ts";
import { ledgerTables } from "../../ledgerTables.ts";
import { start } from "../decisions.ts";
import type { LedgerWorld } from "../ledgerWorld.ts";

export interface DynamoWorld extends LedgerWorld {
  /** A healthy table for the test's own look, and one whose requests are counted and may fail. */
  healthy: LedgerTable;
  table: LedgerTable;
  /** The operations that were asked for, the test's own looks included. */
  operations: string[];
  /** What goes wrong with the next requests, the first one first. */
  plan: (DynamoFault | undefined)[];
  /** What the identity cache decision of its faults. */
  cacheFaults: unknown[];
}

const entry = z.object({
  personId: z.string(),
  eventId: z.string(),
  intent: z.enum(pipelineNames),
  version: z.string(),
  outcome: z.enum([
    "applied",
    "unchanged",
    "superseded",
    "excluded",
    "rejected",
    "discarded",
    "deferred",
    "held",
    "observed",
  ]),
  code: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
  by: z.string().exactOptional(),
  note: z.string().exactOptional(),
  accountId: z.string().exactOptional(),
  occurredAt: z.string(),
  effectiveAt: z.string().exactOptional(),
  receivedAt: z.string(),
  settledAt: z.string(),
});

/** The adapters over an empty table in DynamoDB, each request tried so many times. */
export async function startDynamoWorld(maxAttempts = 1): Promise<DynamoWorld> {
  const operations: string[] = [];
  const plan: DynamoWorld["plan"] = [];
  const tables = ledgerTables();
  const server = await startDynamo(tables, devAccount, ({ operation }) => {
    operations.push(operation);
    return plan.shift();
  });
  const { region, credentials } = devAccount;
  const dynamo = new DynamoDBClient({ region, credentials, endpoint: server.url, maxAttempts });
  const tableName = String(tables[0]?.name);
  const table = { dynamo, tableName };
  const healthy = { dynamo: server.client, tableName };
  const cacheFaults: unknown[] = [];
  return {
    healthy,
    table,
    operations,
    plan,
    cacheFaults,
    ...ledgerOver(table, healthy, (error) => cacheFaults.push(error)),
    close: async () => {
      dynamo.destroy();
      await server.close();
    },
  };
}

/**
 * The adapters over a table.
 *
 * @param healthy the same table for the test's own look
 */
export function ledgerOver(
  table: LedgerTable,
  healthy: LedgerTable,
  onCacheFault: (error: unknown) => void,
): Omit<LedgerWorld, "close"> {
  return {
    ledger: dynamoLedger(table),
    observations: dynamoObservations(table),
    pending: dynamoPendingStore(table),
    discards: dynamoDiscards(table, () => start),
    held: dynamoHeldDecisions(table, ({ now }) => now),
    identities: dynamoIdentityCache(table, onCacheFault),
    entryOf: async (personId, eventId) => {
      const item = await readEntry(healthy, personId, eventId);
      return item && entry.parse(Object.fromEntries(Object.entries(item).map(([name, { S }]) => [name, S])));
    },
    trailOf: async (personId, eventId) => {
      const item = await readEntry(healthy, personId, eventId);
      return item && trailOf(fromJournalItem(item));
    },
  };
}

async function readEntry(
  { dynamo, tableName }: LedgerTable,
  personId: string,
  eventId: string,
): Promise<Item | undefined> {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tableName, Key: eventKey(personId, eventId), ConsistentRead: true }),
  );
  return Item;
}
