import { patternFinder } from "./patternFinder.ts";
import type { Policy, PolicyAccount } from "./policy.ts";

/** The license that a role gets, and the rule that says so. */
interface LicenseOfRole {
  license: string;
  /** Such as `licensePerRole: engineer*`. */
  rule: string;
}

/** `undefined` where the account's policy says nothing of the role. */
export type FindLicense = (account: PolicyAccount, role: string) => LicenseOfRole | undefined;

/** Indexes the accounts' licenses once. A role to the letter goes before every pattern, and all go before the default. */
export function licenseFinder(policy: Policy): FindLicense {
  const finders = new Map(policy.accounts.map((account) => [account.id, ofAccount(account)]));
  return ({ id }, role) => finders.get(id)?.(role);
}

function ofAccount({ licensePerRole, defaultLicense }: PolicyAccount) {
  const licenses = new Map(Object.entries(licensePerRole));
  const findPattern = patternFinder([...licenses.keys()]);
  return (role: string): LicenseOfRole | undefined => {
    const pattern = findPattern(role);
    const license = pattern === undefined ? undefined : licenses.get(pattern);
    if (license !== undefined) return { license, rule: `licensePerRole: ${pattern}` };
    return defaultLicense === undefined ? undefined : { license: defaultLicense, rule: "defaultLicense" };
  };
}
