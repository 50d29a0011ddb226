import { chimeBatchLimits } from "../../directory/chime/chimeLimits.ts";
import type { Policy } from "../../policy/policy.ts";
import { toPolicyRules } from "../../policy/policyRules.ts";
import { limitsFinder } from "../../policy/suspensionLimits.ts";
import { closingFinder } from "../../roster/closingFinder.ts";
import { compareRoster } from "../../roster/compareRoster.ts";
import { eventIdsOf } from "../../roster/eventId.ts";
import { findHeld } from "../../roster/findHeld.ts";
import { findShrinkage, type LastRoster } from "../../roster/findShrinkage.ts";
import type { MergedRoster } from "../../roster/mergeRows.ts";
import { planCalls } from "../../roster/planCalls.ts";
import type { DirectoryListing } from "../../roster/readDirectory.ts";
import type { RosterSettings } from "../../roster/rosterSettings.ts";
import type { CommandEnd } from "../commandEnd.ts";
import type { Terminal } from "../terminal.ts";
import { readAccountsOf } from "./readAccountsOf.ts";
import type { RosterPlan } from "./rosterPlan.ts";

/** A roster that was read, and what is needed to judge it. */
export interface RosterInHand {
  roster: MergedRoster;
  asOf: number;
  last: LastRoster | undefined;
  policy: Policy;
  settings: RosterSettings;
  chimeEndpoint: string | undefined;
}

export type MadePlan = { kind: "planned"; plan: RosterPlan } | Exclude<CommandEnd, { kind: "done" }>;

/** Reads the policy's accounts and compares them with the roster, unless its size says that it must not be believed. */
export async function makePlan(hand: RosterInHand, terminal: Terminal): Promise<MadePlan> {
  const shrunken = shrinkageOf(hand, undefined);
  if (shrunken !== undefined) return { kind: "failed", message: shrunken };
  const reading = await readAccountsOf(hand.policy, hand.chimeEndpoint, terminal);
  if (reading.kind !== "read") return reading;
  const { listings } = reading;
  const tooSmall = hand.settings.absent === "suspend" ? shrinkageOf(hand, countActive(listings)) : undefined;
  if (tooSmall !== undefined) return { kind: "failed", message: tooSmall };
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
  const text = findShrinkage({ present, asOf, leastPercent: settings.leastPercent, last, activeUsers });
  return text === undefined ? undefined : `${text}. Nothing was published`;
}
