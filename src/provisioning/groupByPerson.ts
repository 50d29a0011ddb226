import { newestOf } from "../ledger/timeline.ts";
import { compareByDecision, isSameEvent } from "../ledger/version.ts";
import type { Decision, PersonDecisions } from "./decision.ts";

/**
 * Groups the decisions of one pipeline by person, in the order in which people first appear. A pipeline serves one aspect, so
 * the person is the whole key.
 */
export function groupByPerson<D extends Decision>(decisions: readonly D[]): PersonDecisions<D>[] {
  return [...groupBy(decisions, ({ personId }) => personId).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [toGroup([first, ...others])],
  );
}

/** One empty list for all groups, because nearly every group has neither duplicates nor older decisions. */
const none: readonly never[] = [];

function toGroup<D extends Decision>(decisions: readonly [D, ...D[]]): PersonDecisions<D> {
  const [first, ...others] = decisions;
  if (others.length === 0) return { newest: first, duplicates: none, older: none };
  const [copy = first, ...copies] = firstCopies(decisions);
  const newest = newestOf([copy, ...copies]);
  const rest = decisions.filter((each) => each !== newest);
  return {
    newest,
    duplicates: rest.filter((each) => isSameEvent(each.version, newest.version)),
    older: rest.filter((each) => !isSameEvent(each.version, newest.version)),
  };
}

/** A publisher may send an event twice: the copy that the bus received first counts, and of copies that came together the newest. */
function firstCopies<D extends Decision>(decisions: readonly D[]): D[] {
  const copies: D[] = [];
  for (const decision of decisions) {
    const index = copies.findIndex(({ version }) => isSameEvent(version, decision.version));
    const known = copies[index];
    if (known === undefined) copies.push(decision);
    else if (isFirstCopy(decision, known)) copies[index] = decision;
  }
  return copies;
}

function isFirstCopy(one: Decision, other: Decision): boolean {
  const [busTime, otherBusTime] = [one.busTime ?? 0, other.busTime ?? 0];
  return busTime === otherBusTime ? compareByDecision(one, other) > 0 : busTime < otherBusTime;
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
