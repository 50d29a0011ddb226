import { chimeBatchLimits } from "../../directory/chime/chimeLimits.ts";
import type { Policy } from "../../policy/policy.ts";
import { toPolicyRules } from "../../policy/policyRules.ts";
import { limitsFinder } from "../../policy/suspensionLimits.ts";
import { compareRoster } from "../../roster/compareRoster.ts";
import { eventIdsOf } from "../../roster/eventId.ts";
import { findHeld } from "../../roster/findHeld.ts";
import { findShrinkage, type LastRoster } from "../../roster/findShrinkage.ts";
import type { MergedRoster } from "../../roster/mergeRows.ts";
import { planCalls } from "../../roster/planCalls.ts";
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
  const { roster, asOf, policy, settings } = hand;
  const shrunken = shrinkageOf(hand, undefined);
  if (shrunken !== undefined) return { kind: "failed", message: shrunken };
  const reading = await readAccountsOf(policy, hand.chimeEndpoint, terminal);
  if (reading.kind !== "read") return reading;
  const { listings } = reading;
  const users = listings.flatMap((listing) => listing.users);
  const active = users.filter(({ status }) => status === "registered").length;
  const tooSmall = settings.absent === "suspend" ? shrinkageOf(hand, active) : undefined;
  if (tooSmall !== undefined) return { kind: "failed", message: tooSmall };
  const comparison = compareRoster(roster, listings, {
    rules: toPolicyRules(policy),
    asOf,
    absent: settings.absent,
    eventIdOf: eventIdsOf(asOf),
  });
  const { changes } = comparison;
  const plan: RosterPlan = {
    ...comparison,
    asOf,
    directory: { accounts: listings.length, users: users.length },
    calls: planCalls(changes, chimeBatchLimits),
    held: findHeld(changes, listings, limitsFinder(policy)),
  };
  return { kind: "planned", plan };
}

function shrinkageOf(
  { roster, asOf, last, settings }: RosterInHand,
  activeUsers: number | undefined,
): string | undefined {
  const present = roster.people.filter(({ presence }) => presence === "present").length;
  const text = findShrinkage({ present, asOf, leastPercent: settings.leastPercent, last, activeUsers });
  return text === undefined ? undefined : `${text}. Nothing was published`;
}
