import { accountFinder, domainOf, type FindAccount } from "./accountFinder.ts";
import { afterSuspensionFinder, type FindAfterSuspension } from "./afterSuspension.ts";
import { attributeNames } from "./attributeNames.ts";
import { exclusionFinder, type FindExclusion } from "./exclusionFinder.ts";
import { type FindLeave, leaveFinder } from "./leaveFinder.ts";
import { type FindLicense, licenseFinder } from "./licenseFinder.ts";
import type { Policy } from "./policy.ts";

/** What the policy says of one person, each answer with the rule that gave it. */
export interface PolicyRules {
  findAccount: FindAccount;
  findLicense: FindLicense;
  findExclusion: FindExclusion;
  findLeave: FindLeave;
  findAfterSuspension: FindAfterSuspension;
  /** The names of the attributes by which the accounts of a domain choose their people. */
  attributesAskedOf: (email: string) => readonly string[];
  /** Events that are older are not believed any more; `undefined` if there is no such age. */
  maxAgeDays: number | undefined;
}

/** Indexes a policy once, for all the events to come. */
export function toPolicyRules(policy: Policy): PolicyRules {
  return {
    findAccount: accountFinder(policy),
    findLicense: licenseFinder(policy),
    findExclusion: exclusionFinder(policy),
    findLeave: leaveFinder(policy),
    findAfterSuspension: afterSuspensionFinder(policy),
    attributesAskedOf: (email) => attributesAskedOf(policy, domainOf(email)),
    maxAgeDays: policy.freshness?.maxAgeDays,
  };
}

function attributesAskedOf({ accounts }: Policy, domain: string): string[] {
  return attributeNames(accounts.filter(({ domains }) => domains.includes(domain)));
}
