import { patternFinder } from "./patternFinder.ts";
import type { Policy, PolicyAccount } from "./policy.ts";

/** What HR says of a person beside the address, by name: `company`, `department` and the like. */
type Attributes = Readonly<Record<string, string>>;

/** Finds the account that a person belongs to, by the domain of the e-mail address (lower-case) and the attributes. */
export type FindAccount = (email: string, attributes?: Attributes) => PolicyAccount | undefined;

/**
 * Indexes the policy once, so that each look-up is one step where a domain belongs to one account. Of several accounts the
 * first counts, in the order of the policy.
 */
export function accountFinder(policy: Policy): FindAccount {
  const candidates = new Map<string, Candidate[]>();
  for (const account of policy.accounts) {
    const candidate = { account, takes: attributeTest(account.attributes) };
    for (const domain of account.domains)
      candidates.set(domain, [...(candidates.get(domain) ?? []), candidate]);
  }
  return (email, attributes = none) => {
    for (const { account, takes } of candidates.get(domainOf(email)) ?? [])
      if (takes(attributes)) return account;
    return undefined;
  };
}

const none: Attributes = {};

interface Candidate {
  account: PolicyAccount;
  takes: (attributes: Attributes) => boolean;
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1);
}

/** Every attribute that the account names must be there, and fit. */
function attributeTest(wanted: PolicyAccount["attributes"] = {}): Candidate["takes"] {
  const tests = Object.entries(wanted).map(([name, patterns]) => ({ name, find: patternFinder(patterns) }));
  return (attributes) =>
    tests.every(({ name, find }) => {
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      return value !== undefined && find(value) !== undefined;
    });
}
