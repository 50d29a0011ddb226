import pMap from "p-map";
import type { PendingStore, StoredDecision } from "../pendingStore.ts";
import { deferDecision } from "./deferDecision.ts";
import { type LedgerTable, requestsAtOnce } from "./ledgerTable.ts";
import { listWaiting } from "./listWaiting.ts";
import { duePartition, fromPendingItem } from "./pendingItem.ts";
import { removeWaiting } from "./removeWaiting.ts";

/** The waiting decisions in DynamoDB. */
export function dynamoPendingStore(table: LedgerTable): PendingStore {
  return {
    defer: (decisions) =>
      pMap(decisions, (decision) => deferDecision(table, decision), { concurrency: requestsAtOnce }),
    list: (until) => list(table, until),
    remove: async (decision) => {
      // Otherwise it was put off anew, or removed by a decision that cancels it: both are as they should be.
      await removeWaiting(table, decision);
    },
  };
}

async function* list(table: LedgerTable, until: number | undefined): AsyncGenerator<StoredDecision> {
  for await (const item of listWaiting(table, duePartition, until)) yield fromPendingItem(item);
}
