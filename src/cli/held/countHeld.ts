import type { HeldDecision, HeldRule } from "../../ledger/pendingStore.ts";
import type { ShowText } from "../ledger/shownText.ts";

/** How many people of an account are held, by what, and since when (ISO 8601). */
export interface HeldCount {
  accountId: string;
  people: number;
  byRule: Partial<Record<HeldRule, number>>;
  since: string;
}

/** By account; most people first. */
export function countHeld(decisions: readonly HeldDecision[], show: ShowText): HeldCount[] {
  const accounts = new Map<string, HeldDecision[]>();
  for (const decision of decisions) {
    const known = accounts.get(decision.accountId);
    if (known === undefined) accounts.set(decision.accountId, [decision]);
    else known.push(decision);
  }
  return [...accounts]
    .map(([accountId, held]) => ({ accountId: show(accountId), ...countsOf(held) }))
    .toSorted((a, b) => b.people - a.people || (a.accountId < b.accountId ? -1 : 1));
}

export function peopleIn(counts: readonly HeldCount[]): number {
  return counts.reduce((sum, { people }) => sum + people, 0);
}

function countsOf(held: readonly HeldDecision[]): Omit<HeldCount, "accountId"> {
  const byRule: HeldCount["byRule"] = {};
  let first = Number.POSITIVE_INFINITY;
  for (const { rule, heldAt } of held) {
    byRule[rule] = (byRule[rule] ?? 0) + 1;
    first = Math.min(first, heldAt);
  }
  const people = new Set(held.map(({ personId }) => personId)).size;
  return { people, byRule, since: new Date(first).toISOString() };
}
