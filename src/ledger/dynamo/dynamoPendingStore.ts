import pMap from "p-map";
import type { PendingStore, StoredDecision } from "../pendingStore.ts";
import { deferDecision } from "./deferDecision.ts";
import { type LedgerTable, requestsAtOnce } from "./ledgerTable.ts";
import { listWaiting } from "./listWaiting.ts";
import { duePartition, fromPendingItem } from "./pendingItem.ts";
import { removeWaiting } from "./removeWaiting.ts";

/** An item among the waiting decisions that this program did not write, or that somebody changed. */
export interface UnreadableItem {
  /** Where it lies in the table. */
  key: string;
  error: unknown;
}

/**
 * The waiting decisions in DynamoDB.
 *
 * @param onUnreadable is told of each item that is no decision, and the others are listed; without it the list throws
 */
export function dynamoPendingStore(
  table: LedgerTable,
  onUnreadable: (item: UnreadableItem) => void = rethrow,
): PendingStore {
  return {
    defer: (decisions) =>
      pMap(decisions, (decision) => deferDecision(table, decision), { concurrency: requestsAtOnce }),
    list: (until) => list(table, until, onUnreadable),
    remove: async (decision) => {
      // Otherwise it was put off anew, or removed by a decision that cancels it: both are as they should be.
      await removeWaiting(table, decision);
    },
  };
}

function rethrow({ error }: UnreadableItem): never {
  throw error;
}

async function* list(
  table: LedgerTable,
  until: number | undefined,
  onUnreadable: (item: UnreadableItem) => void,
): AsyncGenerator<StoredDecision> {
  for await (const item of listWaiting(table, duePartition, until)) {
    try {
      yield fromPendingItem(item);
    } catch (error) {
      onUnreadable({ key: `${item.pk?.S} ${item.sk?.S}`, error });
    }
  }
}
