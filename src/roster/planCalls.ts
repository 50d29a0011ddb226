import type { BatchOperation, Closing } from "../directory/directory.ts";
import { coalesce } from "../drain/coalesce.ts";
import type { Wish } from "../drain/decide.ts";
import { groupBy } from "../drain/groupBy.ts";
import { type Intent, pipelines } from "../pipelines.ts";
import type { Change } from "./comparison.ts";

/** How many calls of an operation an account gets, and for how many users. */
export interface PlannedCalls {
  accountId: string;
  operation: BatchOperation;
  calls: number;
  users: number;
}

/** Leavers first, and the people of one account together, so that as few batches as possible are of two accounts. */
export function inPublishOrder(changes: readonly Change[]): Change[] {
  const order: readonly Intent[] = ["offboard", "onboard", "reinstate", "relicense"];
  return order.flatMap((intent) => {
    const alike = changes.filter(({ wish }) => wish.group.leader.intent === intent);
    return [...groupBy(alike, ({ wish }) => wish.accountId).values()].flat();
  });
}

/** What follows the call that answers an intent, in an account. */
export type FindClosings = (accountId: string, intent: Intent) => readonly Closing[];

/**
 * The calls that the drain makes for these changes, by its own coalescing and limits, if its batches are as full as they
 * may be. A batch that Lambda hands over early costs at most one call more for each account in it.
 */
export function planCalls(
  changes: readonly Change[],
  limits: Readonly<Record<BatchOperation, number>>,
  closingsOf: FindClosings,
): PlannedCalls[] {
  const totals = new Map<string, PlannedCalls>();
  for (const [intent, alike] of groupBy(inPublishOrder(changes), ({ wish }) => wish.group.leader.intent)) {
    const { batchSize } = pipelines[intent];
    for (let start = 0; start < alike.length; start += batchSize) {
      const wishes = alike.slice(start, start + batchSize).map(({ wish }) => wish);
      const batch = [...wishes, ...wishes.flatMap((wish) => following(wish, closingsOf))];
      for (const { accountId, operation, entries } of coalesce(batch, limits).calls) {
        const key = `${accountId} ${operation}`;
        const total = totals.get(key) ?? { accountId, operation, calls: 0, users: 0 };
        totals.set(key, { ...total, calls: total.calls + 1, users: total.users + entries.length });
      }
    }
  }
  return [...totals.values()];
}

function following(wish: Wish, closingsOf: FindClosings): Wish[] {
  const { accountId, group } = wish;
  return closingsOf(accountId, group.leader.intent).map((operation) => ({ ...wish, operation }));
}
