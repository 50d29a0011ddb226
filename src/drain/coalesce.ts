import type { BatchOperation, DirectoryCall } from "../directory/directory.ts";
import type { Group } from "./collapse.ts";
import type { Wish } from "./decide.ts";
import { compareVersions } from "./decision.ts";
import { groupBy } from "./groupBy.ts";
import type { ScopedDecision } from "./screen.ts";

/** One call, and whose messages hang on each of its entries. */
export interface PlannedCall extends DirectoryCall {
  entries: readonly PlannedEntry[];
}

interface PlannedEntry {
  target: string;
  licenseType?: string;
  /** All share the entry's fate. More than one only where several people of HR are one user. */
  groups: readonly Group<ScopedDecision>[];
}

/** A wish that gave way to a newer one about the same user; `by` is the newer one's event id. */
export interface SupersededWish {
  wish: Wish;
  by: string;
}

/**
 * Wishes in, calls out: one list per account and operation, each user once, cut to the operation's limit. That is
 * `ceil(n / limit)` calls for n users, the floor. Operations keep the order in which they first appear, so do the accounts of
 * one, and the users of those.
 */
export function coalesce(
  wishes: readonly Wish[],
  limits: Readonly<Record<BatchOperation, number>>,
): { calls: PlannedCall[]; superseded: SupersededWish[] } {
  const calls: PlannedCall[] = [];
  const superseded: SupersededWish[] = [];
  for (const alike of alikeOf(wishes)) {
    const merged = mergeTargets(alike);
    superseded.push(...merged.superseded);
    calls.push(...cut(merged.entries, alike, limits));
  }
  return { calls, superseded };
}

/** By operation, then by account: one key of both would be put together, and hashed, for every wish. */
function alikeOf(wishes: readonly Wish[]): Wish[][] {
  const byOperation = [...groupBy(wishes, ({ operation }) => operation).values()];
  return byOperation.flatMap((same) => [...groupBy(same, ({ accountId }) => accountId).values()]);
}

/** Nearly always one person is one user, and there is nothing to merge. */
function mergeTargets(alike: readonly Wish[]): { entries: PlannedEntry[]; superseded: SupersededWish[] } {
  const targets = new Set(alike.map(({ target }) => target));
  if (targets.size === alike.length)
    return { entries: alike.map((wish) => toEntry(wish, [wish.group])), superseded: [] };
  const merged = [...groupBy(alike, ({ target }) => target).values()].map(mergeTarget);
  return {
    entries: merged.map(({ entry }) => entry),
    superseded: merged.flatMap(({ superseded }) => superseded),
  };
}

/**
 * The service refuses a call in which a user stands twice. Where several people of HR are one user, those who want
 * the same share an entry; of those who want different licenses the newest decision stands.
 */
function mergeTarget(same: readonly Wish[]): { entry: PlannedEntry; superseded: SupersededWish[] } {
  const newest = same.reduce((a, b) => (compareVersions(a.group.leader, b.group.leader) < 0 ? b : a));
  const agrees = ({ licenseType }: Wish) => licenseType === newest.licenseType;
  const groups = same.filter(agrees).map(({ group }) => group);
  return {
    entry: toEntry(newest, groups),
    superseded: same
      .filter((wish) => !agrees(wish))
      .map((wish) => ({ wish, by: newest.group.leader.eventId })),
  };
}

function toEntry({ target, licenseType }: Wish, groups: PlannedEntry["groups"]): PlannedEntry {
  return licenseType === undefined ? { target, groups } : { target, groups, licenseType };
}

function cut(
  entries: readonly PlannedEntry[],
  [first]: readonly Wish[],
  limits: Readonly<Record<BatchOperation, number>>,
): PlannedCall[] {
  if (first === undefined) return [];
  const { operation, accountId } = first;
  const limit = limits[operation];
  return Array.from({ length: Math.ceil(entries.length / limit) }, (_, index) => ({
    operation,
    accountId,
    entries: entries.slice(index * limit, (index + 1) * limit),
  }));
}
