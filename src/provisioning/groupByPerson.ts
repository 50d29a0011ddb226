import { compareDecisions } from "../ledger/decisionOrder.ts";
import type { Decision, PersonDecisions } from "./decision.ts";

/**
 * Groups the decisions of one pipeline by person, in the order in which people first appear. A pipeline serves one aspect, so
 * the person is the whole key.
 */
export function groupByPerson<D extends Decision>(decisions: readonly D[]): PersonDecisions<D>[] {
  const groups = new Map<string, PersonDecisions<D>>();
  for (const decision of decisions) {
    const group = groups.get(decision.personId);
    if (group === undefined)
      groups.set(decision.personId, { newest: decision, duplicates: none, older: none });
    else add(group, decision);
  }
  return [...groups.values()];
}

/** One empty list for all groups, because nearly every group has neither duplicates nor older decisions. */
const none: readonly never[] = [];

function add<D extends Decision>(group: PersonDecisions<D>, decision: D): void {
  const order = compareDecisions(decision, group.newest);
  if (order < 0) {
    group.older = [...group.older, decision];
  } else if (order === 0) {
    group.duplicates = [...group.duplicates, decision];
  } else {
    group.older = [...group.older, group.newest, ...group.duplicates];
    group.duplicates = none;
    group.newest = decision;
  }
}

/** Lists of the items that share a key, each in the items' order. (`Map.groupBy` needs Node 21.) */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const lists = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [item]);
    else list.push(item);
  }
  return lists;
}
