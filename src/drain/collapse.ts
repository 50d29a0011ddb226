import { compareVersions, type Decision } from "./decision.ts";

/** All messages of a batch about one person and aspect. */
export interface Group<D extends Decision> {
  /** The newest decision: the one that is carried out. */
  leader: D;
  /** Further copies of the leader's own event. */
  duplicates: readonly D[];
  /** Decisions that the leader stands over. */
  older: readonly D[];
}

/**
 * Decisions of one pipeline in, one group per person out, in the order in which people first appear. A
 * pipeline serves one aspect, so the person is the whole key.
 */
export function collapse<D extends Decision>(decisions: readonly D[]): Group<D>[] {
  const groups = new Map<string, Group<D>>();
  for (const decision of decisions) {
    const group = groups.get(decision.personId);
    if (group === undefined)
      groups.set(decision.personId, { leader: decision, duplicates: none, older: none });
    else add(group, decision);
  }
  return [...groups.values()];
}

/** One for all, because nearly every group has neither. */
const none: readonly never[] = [];

function add<D extends Decision>(group: Group<D>, decision: D): void {
  const order = compareVersions(decision, group.leader);
  if (order < 0) {
    group.older = [...group.older, decision];
  } else if (order === 0) {
    group.duplicates = [...group.duplicates, decision];
  } else {
    group.older = [...group.older, group.leader, ...group.duplicates];
    group.duplicates = none;
    group.leader = decision;
  }
}
