import type { DirectoryAccount, Operation, PostSuspensionAction } from "../directory/directory.ts";
import type { EventLine } from "../events/eventLines.ts";
import { type Intent, pipelines } from "../pipelineSettings.ts";
import type { FindAfterSuspension } from "../policy/afterSuspension.ts";
import type { Policy } from "../policy/policy.ts";
import { toPolicyRules } from "../policy/policyRules.ts";
import type { RosterSettings } from "../policy/rosterSettings.ts";
import { type FindLimits, limitsFinder } from "../policy/suspensionLimits.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import {
  coalesce,
  type DesiredChange,
  type FindCallLimits,
  limitsByAccount,
} from "../provisioning/planCalls.ts";
import { postSuspensionActionsOf } from "../provisioning/postSuspensionActions.ts";
import { suspensionLimit } from "../safeguard/decideAdmission.ts";
import { compareRoster } from "./compareRoster.ts";
import { type MergedRoster, mergeRows, presenceAt } from "./mergeRows.ts";
import type { DirectoryListing } from "./readDirectory.ts";
import { type BrokenRoster, type ReadRosterOptions, readRoster } from "./reading/readRoster.ts";
import type { RosterUnderstanding } from "./reading/understanding.ts";
import { recallAddresses } from "./recallAddresses.ts";
import { type Comparison, eventIdsOf, type RosterChange, toEventLine } from "./rosterChange.ts";
import type { RememberedRoster, RosterAddresses, RosterDirectory } from "./rosterPorts.ts";
import { findShrinkage } from "./rosterSize.ts";

/** A roster that was read, and what is needed to reconcile it. */
export interface RosterInput {
  roster: MergedRoster;
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  last: RememberedRoster | undefined;
  policy: Policy;
  settings: RosterSettings;
}

/**
 * Reads a roster, and merges its rows as of its time (milliseconds since the epoch). Nothing else holds the rows, which may be a
 * hundred megabytes.
 */
export async function readMergedRoster(
  bytes: AsyncIterable<Uint8Array>,
  asOf: number,
  settings: ReadRosterOptions,
): Promise<{ kind: "read"; roster: MergedRoster; understanding: RosterUnderstanding } | BrokenRoster> {
  const reading = await readRoster(bytes, settings);
  if (reading.kind === "broken") return reading;
  const { rows, understanding } = reading;
  return { kind: "read", roster: mergeRows(rows, presenceAt(asOf, settings.timeZone)), understanding };
}

export type Reconciliation =
  | { kind: "planned"; plan: RosterPlan }
  /** The roster's size or its time shows that it is broken or outdated. */
  | { kind: "rejected"; reason: string };

/** What a roster would change, with the calls that the changes take. */
export interface RosterPlan extends Comparison {
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  directory: { accounts: number; users: number };
  calls: readonly PlannedCalls[];
  held: readonly HeldAccount[];
  /** The accounts whose directory deletes the users whom it suspends, and how many leavers that would be. */
  deletions: readonly Deletions[];
}

/** How many calls of an operation an account gets, and for how many users. */
interface PlannedCalls {
  accountId: string;
  operation: Operation;
  calls: number;
  users: number;
}

interface Deletions {
  accountId: string;
  leavers: number;
}

/** An account with more leavers than the safeguard lets pass in a window. */
interface HeldAccount {
  accountId: string;
  leavers: number;
  limit: number;
}

export interface ReconcilePorts {
  directory: RosterDirectory;
  /** Left out where the ledger is not asked. */
  addresses?: RosterAddresses;
}

/**
 * Reconciles a roster with the policy's accounts, unless its size or time rejects it. The directory is read only for a roster
 * that is large enough; what the ports throw is thrown on.
 */
export async function reconcileRoster(
  input: RosterInput,
  { directory, addresses }: ReconcilePorts,
): Promise<Reconciliation> {
  const shrinkage = shrinkageOf(input, undefined);
  if (shrinkage !== undefined) return { kind: "rejected", reason: shrinkage };
  const listings = await directory.readAccounts(input.policy.accounts.map(({ id }) => id));
  const shrinkageOfDirectory =
    input.settings.absent === "suspend"
      ? shrinkageOf(
          input,
          listings.reduce((sum, listing) => sum + countActive(listing), 0),
        )
      : undefined;
  if (shrinkageOfDirectory !== undefined) return { kind: "rejected", reason: shrinkageOfDirectory };
  return { kind: "planned", plan: await toPlan(input, listings, addresses) };
}

function shrinkageOf(
  { roster, asOf, last, settings }: RosterInput,
  activeUsers: number | undefined,
): string | undefined {
  const present = roster.people.filter(({ presence }) => presence === "present").length;
  return findShrinkage({ present, asOf, leastPercent: settings.leastPercent, last, activeUsers });
}

function countActive({ users }: DirectoryListing): number {
  return users.filter(({ state }) => state === "active").length;
}

async function toPlan(
  { roster, asOf, policy, settings }: RosterInput,
  listings: readonly DirectoryListing[],
  addresses: RosterAddresses | undefined,
): Promise<RosterPlan> {
  const rules = toPolicyRules(policy);
  const options = { rules, asOf, absent: settings.absent, eventIdOf: eventIdsOf(asOf) };
  const first = compareRoster(roster, listings, options);
  const completed = addresses && (await recallAddresses({ roster, listings, comparison: first }, addresses));
  const comparison = completed === undefined ? first : compareRoster(completed, listings, options);
  const accounts = new Map(listings.map(({ account }) => [account.accountId, account]));
  const users = listings.reduce((sum, listing) => sum + listing.users.length, 0);
  const actionsOf = postSuspensionFinder(listings, rules.findAfterSuspension);
  return {
    ...comparison,
    asOf,
    directory: { accounts: listings.length, users },
    calls: planRosterCalls(comparison.changes, limitsByAccount(accounts), actionsOf),
    held: findHeld(comparison.changes, listings, limitsFinder(policy)),
    deletions: findDeletions(comparison.changes, listings),
  };
}

/** The post-suspension actions that follow the call for an intent, in an account. */
export type FindPostSuspensionActions = (
  accountId: string,
  intent: Intent,
) => readonly PostSuspensionAction[];

/**
 * Counts the calls that provisioning makes for these changes, by its own coalescing and limits, if its batches are as full as
 * they may be. A batch that Lambda hands over early costs at most one call more for each account in it.
 */
export function planRosterCalls(
  changes: readonly RosterChange[],
  limitsOf: FindCallLimits,
  actionsOf: FindPostSuspensionActions,
): PlannedCalls[] {
  const totals = new Map<string, PlannedCalls>();
  for (const [intent, alike] of groupBy(inPublishOrder(changes), intentOf)) {
    const { batchSize } = pipelines[intent];
    for (let start = 0; start < alike.length; start += batchSize) {
      const desired = alike.slice(start, start + batchSize).map((change) => change.desired);
      const batch = [...desired, ...desired.flatMap((change) => postSuspensionChanges(change, actionsOf))];
      for (const { accountId, operation, entries } of coalesce(batch, limitsOf).calls) {
        const key = `${accountId} ${operation}`;
        const total = totals.get(key) ?? { accountId, operation, calls: 0, users: 0 };
        totals.set(key, { ...total, calls: total.calls + 1, users: total.users + entries.length });
      }
    }
  }
  return [...totals.values()];
}

function intentOf({ desired }: RosterChange): Intent {
  return desired.group.newest.intent;
}

function postSuspensionChanges(
  desired: DesiredChange,
  actionsOf: FindPostSuspensionActions,
): DesiredChange[] {
  const { accountId, group } = desired;
  return actionsOf(accountId, group.newest.intent).map((operation) => ({ ...desired, operation }));
}

/** Finds the actions by the accounts' capabilities as they were read, and by the policy. */
export function postSuspensionFinder(
  listings: readonly { account: DirectoryAccount }[],
  findAfterSuspension: FindAfterSuspension,
): FindPostSuspensionActions {
  const accounts = new Map(listings.map(({ account }) => [account.accountId, account]));
  return (accountId, intent) => {
    const account = accounts.get(accountId);
    return account === undefined || intent !== "offboard"
      ? []
      : postSuspensionActionsOf(account, findAfterSuspension(accountId));
  };
}

/** Finds the accounts whose leavers the safeguard will hold, in whole or in part, even if its window is empty. */
export function findHeld(
  changes: readonly RosterChange[],
  listings: readonly DirectoryListing[],
  limitsOf: FindLimits,
): HeldAccount[] {
  return listings.flatMap((listing) => {
    const { accountId } = listing.account;
    const limits = limitsOf(accountId);
    const leavers = leaversOf(accountId, changes);
    const limit = limits && suspensionLimit(limits, countActive(listing));
    return limit !== undefined && leavers > limit ? [{ accountId, leavers, limit }] : [];
  });
}

function leaversOf(accountId: string, changes: readonly RosterChange[]): number {
  return changes.filter(({ kind, desired }) => kind === "leaver" && desired.accountId === accountId).length;
}

function findDeletions(changes: readonly RosterChange[], listings: readonly DirectoryListing[]): Deletions[] {
  return listings.flatMap(({ account: { accountId, suspension } }) => {
    const leavers = suspension === "deletes" ? leaversOf(accountId, changes) : 0;
    return leavers === 0 ? [] : [{ accountId, leavers }];
  });
}

/** Puts leavers first, and the people of one account together, so that as few batches as possible are of two accounts. */
export function inPublishOrder(changes: readonly RosterChange[]): RosterChange[] {
  const order: readonly Intent[] = ["offboard", "onboard", "reinstate", "relicense"];
  return order.flatMap((intent) => {
    const alike = changes.filter((change) => intentOf(change) === intent);
    return [...groupBy(alike, ({ desired }) => desired.accountId).values()].flat();
  });
}

/** The lines that publish the changes' events, in `inPublishOrder`. */
export async function* eventLines(changes: readonly RosterChange[]): AsyncGenerator<EventLine> {
  for (const [index, change] of inPublishOrder(changes).entries())
    yield { number: index + 1, bytes: Buffer.from(`${toEventLine(change)}\n`) };
}
