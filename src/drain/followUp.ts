import type { DirectoryAccount } from "../directory/directory.ts";
import { dayMilliseconds } from "../events/day.ts";
import type { FollowUpKind } from "../ledger/pendingStore.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { FollowedEvent } from "./decision.ts";
import type { Outcome } from "./outcome.ts";
import type { ScopedDecision } from "./screen.ts";

/** A change of license that follows from a decision about access. Times in milliseconds since the epoch. */
export interface FollowUp {
  kind: FollowUpKind;
  after: FollowedEvent["type"];
  licenseType: string;
  effectiveAt: number;
  dueAt: number;
}

/**
 * What follows from a decision that has come to this outcome: for who joins or returns the license that the event or the
 * policy names, for who leaves the one that is left after the policy's days of grace. Nothing, unless it was carried out.
 *
 * @param account the person's, as the directory describes it
 * @param now milliseconds since the epoch
 */
export function followUpOf(
  decision: ScopedDecision,
  outcome: Outcome,
  account: DirectoryAccount | undefined,
  { findAfterSuspension }: Pick<PolicyRules, "findAfterSuspension">,
  now: number,
): FollowUp | undefined {
  if (!isCarriedOut(outcome)) return undefined;
  const { intent, accountId, licenseType, effectiveAt } = decision;
  switch (intent) {
    case "offboard": {
      const { license } = findAfterSuspension(accountId);
      if (license === undefined) return undefined;
      const dueAt = now + license.afterDays * dayMilliseconds;
      const kind = "licenseAfterLeaving";
      return { kind, after: "EmployeeLeft", licenseType: license.to, effectiveAt: dueAt, dueAt };
    }
    case "onboard":
    case "reinstate": {
      if (licenseType === undefined) return undefined;
      const isLowered = findAfterSuspension(accountId).license !== undefined;
      if (!isLowered && comesWithIt(decision, outcome, account)) return undefined;
      const after = intent === "onboard" ? "EmployeeHired" : "EmployeeReturned";
      return { kind: "licenseAfterJoining", after, licenseType, effectiveAt, dueAt: now };
    }
    case "relicense":
      return undefined;
  }
}

function isCarriedOut(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "applied":
      return true;
    case "unchanged":
      return outcome.because === "alreadySo";
    case "rejected":
      return outcome.carriedOut === true;
    default:
      return false;
  }
}

/**
 * Whoever is invited begins with the account's default license. Whoever was there before may have any, and a lower one where
 * the policy lowers those of leavers: an invitation does not tell who was.
 */
function comesWithIt(
  { intent, licenseType }: ScopedDecision,
  outcome: Outcome,
  account: DirectoryAccount | undefined,
): boolean {
  const answer = account?.answers[intent];
  const isInvited = answer?.kind === "call" && answer.operation === "invite";
  const isNew = intent === "onboard" && outcome.kind === "applied" && isInvited;
  return isNew && account?.defaultLicense === licenseType;
}
