import { domainOf } from "../policy/accountFinder.ts";
import type { PolicyAccount } from "../policy/policy.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import { maskEmails } from "../privacy/maskEmails.ts";
import { ageFault } from "./ageFault.ts";
import type { Decision } from "./decision.ts";
import type { Outcome, Settlement } from "./outcome.ts";

/** A decision that is in scope: which account it is for and, for a license change, to which license. */
export interface ScopedDecision extends Decision {
  accountId: string;
}

/**
 * Decisions in, those that the policy puts in scope out; the others are settled. `now` in milliseconds.
 *
 * Whoever is in scope is completed in place, by account and license: copies would be a twentieth of all that is allocated.
 */
export function screen(
  decisions: readonly Decision[],
  rules: PolicyRules,
  now: number,
): { inScope: ScopedDecision[]; settled: Settlement[] } {
  const inScope: ScopedDecision[] = [];
  const settled: Settlement[] = [];
  for (const decision of decisions) {
    const screened = screenOne(decision, rules, now);
    if ("kind" in screened) settled.push({ index: decision.index, outcome: screened });
    else inScope.push(screened);
  }
  return { inScope, settled };
}

function screenOne(decision: Decision, rules: PolicyRules, now: number): ScopedDecision | Outcome {
  const fault = ageFault(decision, rules.maxAgeDays, now);
  if (fault !== undefined) return fault;
  const exclusion = rules.findExclusion(decision);
  if (exclusion !== undefined) return { kind: "excluded", rule: exclusion };
  const account = rules.findAccount(decision.email, decision.attributes);
  if (account === undefined) return noAccount(decision, rules);
  const leave = decision.intent === "offboard" ? rules.findLeave(decision) : undefined;
  if (leave !== undefined) return { kind: "excluded", rule: leave };
  const licenseType = licenseFor(decision, account, rules);
  if (decision.intent === "relicense" && licenseType === undefined) return noLicense(decision, account);
  return complete(decision, account, licenseType);
}

function complete(
  decision: Decision,
  { id }: PolicyAccount,
  licenseType: string | undefined,
): ScopedDecision {
  decision.accountId = id;
  decision.licenseType = licenseType;
  // It has one now, which TypeScript cannot see.
  return decision as ScopedDecision;
}

/** The event's own word goes before the policy's. */
function licenseFor(
  { licenseType, role }: Decision,
  account: PolicyAccount,
  { findLicense }: PolicyRules,
): string | undefined {
  if (licenseType !== undefined || role === undefined) return licenseType;
  return findLicense(account, role)?.license;
}

function noAccount({ email }: Decision, { attributesAskedOf }: PolicyRules): Outcome {
  const asked = attributesAskedOf(email);
  const rule =
    asked.length === 0
      ? `no account of the policy has the domain ${domainOf(email)}`
      : `no account with the domain ${domainOf(email)} takes the person, by data.attributes: ${asked.join(", ")}`;
  return { kind: "excluded", rule };
}

function noLicense({ role = "" }: Decision, { id }: PolicyAccount): Outcome {
  return { kind: "excluded", rule: `account ${id} names no license for the role "${maskEmails(role)}"` };
}
