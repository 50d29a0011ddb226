import type { BatchOperation, DirectoryCall } from "../directory/directory.ts";
import { type DesiredChange, decideChange } from "./decideChange.ts";
import {
  compareVersions,
  type Decision,
  type PersonDecisions,
  type ResolvedPerson,
  type ScopedDecision,
} from "./decision.ts";
import { groupBy } from "./groupByPerson.ts";
import type { PersonResult } from "./outcome.ts";

/**
 * Plans the fewest valid calls for people whose users are resolved. Pure: the same people and limits give the same calls.
 * Urgent decisions travel in the first calls, the others in the order of their messages.
 */
export function planCalls(
  people: readonly ResolvedPerson[],
  limits: Readonly<Record<BatchOperation, number>>,
  now: number,
): { calls: readonly PlannedCall[]; results: PersonResult[] } {
  const results: PersonResult[] = [];
  const changes: DesiredChange[] = [];
  // People first, so that the urgent share calls; then calls, because each account and operation has its own.
  for (const person of urgentFirst(people, ({ group }) => isUrgent(group))) {
    const decided = decideChange(person, now);
    if ("kind" in decided) results.push({ group: person.group, outcome: decided });
    else changes.push(decided);
  }
  const { calls, superseded } = coalesce(changes, limits);
  for (const { change, by } of superseded)
    results.push({ group: change.group, outcome: { kind: "superseded", by } });
  return { calls: urgentFirst(calls, carriesUrgent), results };
}

/** One call; each of its entries names the groups whose messages depend on it. */
export interface PlannedCall extends DirectoryCall {
  entries: readonly PlannedEntry[];
}

interface PlannedEntry {
  target: string;
  licenseType?: string;
  /** All share the entry's result. More than one only where several people of HR are one user. */
  groups: readonly PersonDecisions<ScopedDecision>[];
}

/** A change that gave way to a newer one about the same user; `by` is the newer one's event id. */
export interface SupersededChange {
  change: DesiredChange;
  by: string;
}

/**
 * Packs changes into calls: one list per account and operation, each user once, split at the operation's limit. That is
 * `ceil(n / limit)` calls for n users, the floor. Operations keep the order in which they first appear, so do the accounts of
 * one, and the users of those.
 */
export function coalesce(
  changes: readonly DesiredChange[],
  limits: Readonly<Record<BatchOperation, number>>,
): { calls: PlannedCall[]; superseded: SupersededChange[] } {
  const calls: PlannedCall[] = [];
  const superseded: SupersededChange[] = [];
  for (const alike of groupAlike(changes)) {
    const merged = mergeTargets(alike);
    superseded.push(...merged.superseded);
    const [first] = alike;
    if (first === undefined) continue;
    const { operation, accountId } = first;
    calls.push(...splitIntoCalls(operation, accountId, merged.entries, limits[operation]));
  }
  return { calls, superseded };
}

/** By operation, then by account: one key of both would have to be built and hashed for every change. */
function groupAlike(changes: readonly DesiredChange[]): DesiredChange[][] {
  const byOperation = [...groupBy(changes, ({ operation }) => operation).values()];
  return byOperation.flatMap((same) => [...groupBy(same, ({ accountId }) => accountId).values()]);
}

/** Nearly always one person is one user, and there is nothing to merge. */
function mergeTargets(alike: readonly DesiredChange[]): {
  entries: PlannedEntry[];
  superseded: SupersededChange[];
} {
  const targets = new Set(alike.map(({ target }) => target));
  if (targets.size === alike.length)
    return { entries: alike.map((change) => toEntry(change, [change.group])), superseded: [] };
  const merged = [...groupBy(alike, ({ target }) => target).values()].map(mergeTarget);
  return {
    entries: merged.map(({ entry }) => entry),
    superseded: merged.flatMap(({ superseded }) => superseded),
  };
}

/**
 * The service refuses a call that names a user twice. Where several people of HR are one user, those who want the same share
 * an entry; of those who want different licenses the newest decision stands.
 */
function mergeTarget(same: readonly DesiredChange[]): {
  entry: PlannedEntry;
  superseded: SupersededChange[];
} {
  const newest = same.reduce((a, b) => (compareVersions(a.group.newest, b.group.newest) < 0 ? b : a));
  const agrees = ({ licenseType }: DesiredChange) => licenseType === newest.licenseType;
  const groups = same.filter(agrees).map(({ group }) => group);
  return {
    entry: toEntry(newest, groups),
    superseded: same
      .filter((change) => !agrees(change))
      .map((change) => ({ change, by: newest.group.newest.eventId })),
  };
}

function toEntry({ target, licenseType }: DesiredChange, groups: PlannedEntry["groups"]): PlannedEntry {
  return licenseType === undefined ? { target, groups } : { target, groups, licenseType };
}

/** One call for each `limit` entries. */
export function splitIntoCalls(
  operation: BatchOperation,
  accountId: string,
  entries: readonly PlannedEntry[],
  limit: number,
): PlannedCall[] {
  return Array.from({ length: Math.ceil(entries.length / limit) }, (_, index) => ({
    operation,
    accountId,
    entries: entries.slice(index * limit, (index + 1) * limit),
  }));
}

/** The same items in their order, the urgent ones before the others. */
export function urgentFirst<T>(items: readonly T[], isUrgent: (item: T) => boolean): readonly T[] {
  const urgent = items.filter(isUrgent);
  return urgent.length === 0 ? items : [...urgent, ...items.filter((item) => !isUrgent(item))];
}

export function carriesUrgent({ entries }: PlannedCall): boolean {
  return entries.some(({ groups }) => groups.some(isUrgent));
}

function isUrgent({ newest }: PersonDecisions<Decision>): boolean {
  return newest.urgent;
}
