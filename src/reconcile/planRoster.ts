import { chimeBatchLimits } from "../directory/chime/chimeCapabilities.ts";
import type { BatchOperation, DirectoryAccount, PostSuspensionAction } from "../directory/directory.ts";
import type { EventLine } from "../events/eventLines.ts";
import { type Intent, pipelines } from "../pipelines.ts";
import type { FindAfterSuspension } from "../policy/afterSuspension.ts";
import type { Policy } from "../policy/policy.ts";
import { toPolicyRules } from "../policy/policyRules.ts";
import type { RosterSettings } from "../policy/rosterSettings.ts";
import { type FindLimits, limitsFinder } from "../policy/suspensionLimits.ts";
import type { DesiredChange } from "../provisioning/decideChange.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import { coalesce } from "../provisioning/planCalls.ts";
import { postSuspensionActionsOf } from "../provisioning/postSuspensionActions.ts";
import { suspensionLimit } from "../safeguard/decideAdmission.ts";
import { compareRoster } from "./compareRoster.ts";
import type { MergedRoster } from "./mergeRows.ts";
import type { DirectoryListing } from "./readDirectory.ts";
import { type Change, type Comparison, eventIdsOf, toEventLine } from "./rosterChange.ts";

/** A roster that was read, and what is needed to judge it. */
export interface RosterInput {
  roster: MergedRoster;
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  last: LastRoster | undefined;
  policy: Policy;
  settings: RosterSettings;
}

export type Reconciliation =
  | { kind: "planned"; plan: RosterPlan }
  /** Its size or its time says that it must not be believed. */
  | { kind: "disbelieved"; reason: string };

/**
 * Compares a roster with the policy's accounts, unless it must not be believed. The directory is read only for a roster
 * that is large enough; what that throws is thrown on.
 */
export async function reconcileRoster(
  hand: RosterInput,
  readAccounts: (accountIds: readonly string[]) => Promise<readonly DirectoryListing[]>,
): Promise<Reconciliation> {
  const shrunken = shrinkageOf(hand, undefined);
  if (shrunken !== undefined) return { kind: "disbelieved", reason: shrunken };
  const listings = await readAccounts(hand.policy.accounts.map(({ id }) => id));
  const tooSmall = hand.settings.absent === "suspend" ? shrinkageOf(hand, countActive(listings)) : undefined;
  if (tooSmall !== undefined) return { kind: "disbelieved", reason: tooSmall };
  return { kind: "planned", plan: toPlan(hand, listings) };
}

function toPlan(
  { roster, asOf, policy, settings }: RosterInput,
  listings: readonly DirectoryListing[],
): RosterPlan {
  const rules = toPolicyRules(policy);
  const comparison = compareRoster(roster, listings, {
    rules,
    asOf,
    absent: settings.absent,
    eventIdOf: eventIdsOf(asOf),
  });
  const users = listings.reduce((sum, listing) => sum + listing.users.length, 0);
  return {
    ...comparison,
    asOf,
    directory: { accounts: listings.length, users },
    calls: planRosterCalls(
      comparison.changes,
      chimeBatchLimits,
      postSuspensionFinder(listings, rules.findAfterSuspension),
    ),
    held: findHeld(comparison.changes, listings, limitsFinder(policy)),
  };
}

function countActive(listings: readonly DirectoryListing[]): number {
  return listings.reduce(
    (sum, { users }) => sum + users.filter(({ status }) => status === "registered").length,
    0,
  );
}

function shrinkageOf(
  { roster, asOf, last, settings }: RosterInput,
  activeUsers: number | undefined,
): string | undefined {
  const present = roster.people.filter(({ presence }) => presence === "present").length;
  return findShrinkage({ present, asOf, leastPercent: settings.leastPercent, last, activeUsers });
}

/** What a roster would change, and what is published of it. */
export interface RosterPlan extends Comparison {
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  directory: { accounts: number; users: number };
  calls: readonly PlannedCalls[];
  held: readonly HeldAccount[];
}

/** How many calls of an operation an account gets, and for how many users. */
interface PlannedCalls {
  accountId: string;
  operation: BatchOperation;
  calls: number;
  users: number;
}

/** Leavers first, and the people of one account together, so that as few batches as possible are of two accounts. */
export function inPublishOrder(changes: readonly Change[]): Change[] {
  const order: readonly Intent[] = ["offboard", "onboard", "reinstate", "relicense"];
  return order.flatMap((intent) => {
    const alike = changes.filter(({ wish }) => wish.group.newest.intent === intent);
    return [...groupBy(alike, ({ wish }) => wish.accountId).values()].flat();
  });
}

/** What follows the call that answers an intent, in an account. */
export type FindPostSuspensionActions = (
  accountId: string,
  intent: Intent,
) => readonly PostSuspensionAction[];

/**
 * The calls that the drain makes for these changes, by its own coalescing and limits, if its batches are as full as they
 * may be. A batch that Lambda hands over early costs at most one call more for each account in it.
 */
export function planRosterCalls(
  changes: readonly Change[],
  limits: Readonly<Record<BatchOperation, number>>,
  closingsOf: FindPostSuspensionActions,
): PlannedCalls[] {
  const totals = new Map<string, PlannedCalls>();
  for (const [intent, alike] of groupBy(inPublishOrder(changes), ({ wish }) => wish.group.newest.intent)) {
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

function following(wish: DesiredChange, closingsOf: FindPostSuspensionActions): DesiredChange[] {
  const { accountId, group } = wish;
  return closingsOf(accountId, group.newest.intent).map((operation) => ({ ...wish, operation }));
}

/** Finds what follows a call by the accounts as they were read, and by the policy. */
export function postSuspensionFinder(
  listings: readonly { account: DirectoryAccount }[],
  findAfterSuspension: FindAfterSuspension,
): FindPostSuspensionActions {
  const accounts = new Map(listings.map(({ account }) => [account.accountId, account]));
  return (accountId, intent) => {
    const account = accounts.get(accountId);
    return account === undefined
      ? []
      : postSuspensionActionsOf(account, intent, findAfterSuspension(accountId));
  };
}

/** An account of which more people leave than the safeguard lets pass in a window. */
interface HeldAccount {
  accountId: string;
  leavers: number;
  limit: number;
}

/** The accounts whose leavers the safeguard will hold, in whole or in part, whatever the last hour was like. */
export function findHeld(
  changes: readonly Change[],
  listings: readonly DirectoryListing[],
  limitsOf: FindLimits,
): HeldAccount[] {
  return listings.flatMap(({ account: { accountId }, users }) => {
    const limits = limitsOf(accountId);
    const leavers = changes.filter(
      ({ kind, wish }) => kind === "leaver" && wish.accountId === accountId,
    ).length;
    const limit =
      limits && suspensionLimit(limits, users.filter(({ status }) => status === "registered").length);
    return limit !== undefined && leavers > limit ? [{ accountId, leavers, limit }] : [];
  });
}

/** What is remembered of the roster that was synced last. */
export interface LastRoster {
  /** Who shall have had access by it. */
  present: number;
  /** Its time, in milliseconds since the epoch. */
  asOf: number;
}

interface Size {
  /** Who shall have access by the roster. */
  present: number;
  asOf: number;
  /** A share below which the roster is taken for a broken one. */
  leastPercent: number;
  last: LastRoster | undefined;
  /**
   * Of the directory, where whoever has no row is suspended: stands in for the last roster where none is remembered, for
   * the first one would do the most harm. `undefined` where that happens to nobody.
   */
  activeUsers: number | undefined;
}

/** Why the roster must not be believed as a whole, by its size and time; `undefined` if it may. */
export function findShrinkage({ present, asOf, leastPercent, last, activeUsers }: Size): string | undefined {
  if (present === 0)
    return "the roster has nobody who is there, and would suspend everybody; check the export, and the words for people who are there (the policy's roster.present)";
  if (last !== undefined && asOf < last.asOf)
    return `the roster is of ${iso(asOf)}, and one of ${iso(last.asOf)} has been synced already; take a newer one`;
  const [before, whose] =
    last === undefined
      ? [activeUsers, "active users of the directory"]
      : [last.present, `of the last roster, of ${iso(last.asOf)}`];
  if (before === undefined || present >= (before * leastPercent) / 100) return undefined;
  const percent = Math.floor((present * 100) / before);
  return `the roster gives access to ${present}, which is ${percent} % of the ${before} ${whose}; expected ${leastPercent} % at least. If it is whole, say so with --least-percent ${percent}, or in the policy's roster.leastPercent`;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The lines that publish the changes' events, leavers first. */
export async function* eventLines(changes: readonly Change[]): AsyncGenerator<EventLine> {
  for (const [index, change] of inPublishOrder(changes).entries())
    yield { number: index + 1, bytes: Buffer.from(`${toEventLine(change)}\n`) };
}
