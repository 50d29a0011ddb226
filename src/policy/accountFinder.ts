import type { Policy, PolicyAccount } from "./policy.ts";

/** Finds the account that a person belongs to, by the domain of their e-mail address (lower-case). */
export type FindAccount = (email: string) => PolicyAccount | undefined;

/** Indexes the policy once, so that each look-up is one step however many domains there are. */
export function accountFinder(policy: Policy): FindAccount {
  const accountOfDomain = new Map(
    policy.accounts.flatMap((account) => account.domains.map((domain) => [domain, account] as const)),
  );
  return (email) => accountOfDomain.get(email.slice(email.lastIndexOf("@") + 1));
}
