import { chimeBatchLimits } from "../directory/chime/chimeLimits.ts";
import type { Policy } from "../policy/policy.ts";
import { toPolicyRules } from "../policy/policyRules.ts";
import { limitsFinder } from "../policy/suspensionLimits.ts";
import { closingFinder } from "./closingFinder.ts";
import { compareRoster } from "./compareRoster.ts";
import { eventIdsOf } from "./eventId.ts";
import { findHeld } from "./findHeld.ts";
import { findShrinkage, type LastRoster } from "./findShrinkage.ts";
import type { MergedRoster } from "./mergeRows.ts";
import { planCalls } from "./planCalls.ts";
import type { DirectoryListing } from "./readDirectory.ts";
import type { RosterPlan } from "./rosterPlan.ts";
import type { RosterSettings } from "./rosterSettings.ts";

/** A roster that was read, and what is needed to judge it. */
export interface RosterInHand {
  roster: MergedRoster;
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  last: LastRoster | undefined;
  policy: Policy;
  settings: RosterSettings;
}

export type Judgement =
  | { kind: "planned"; plan: RosterPlan }
  /** Its size or its time says that it must not be believed. */
  | { kind: "disbelieved"; reason: string };

/**
 * Compares a roster with the policy's accounts, unless it must not be believed. The directory is read only for a roster
 * that is large enough; what that throws is thrown on.
 */
export async function judgeRoster(
  hand: RosterInHand,
  readAccounts: (accountIds: readonly string[]) => Promise<readonly DirectoryListing[]>,
): Promise<Judgement> {
  const shrunken = shrinkageOf(hand, undefined);
  if (shrunken !== undefined) return { kind: "disbelieved", reason: shrunken };
  const listings = await readAccounts(hand.policy.accounts.map(({ id }) => id));
  const tooSmall = hand.settings.absent === "suspend" ? shrinkageOf(hand, countActive(listings)) : undefined;
  if (tooSmall !== undefined) return { kind: "disbelieved", reason: tooSmall };
  return { kind: "planned", plan: toPlan(hand, listings) };
}

function toPlan(
  { roster, asOf, policy, settings }: RosterInHand,
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
    calls: planCalls(
      comparison.changes,
      chimeBatchLimits,
      closingFinder(listings, rules.findAfterSuspension),
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
  { roster, asOf, last, settings }: RosterInHand,
  activeUsers: number | undefined,
): string | undefined {
  const present = roster.people.filter(({ presence }) => presence === "present").length;
  return findShrinkage({ present, asOf, leastPercent: settings.leastPercent, last, activeUsers });
}
