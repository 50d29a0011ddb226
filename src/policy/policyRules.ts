import { maskEmails } from "../privacy/masking.ts";
import { afterSuspensionFinder, type FindAfterSuspension } from "./afterSuspension.ts";
import type { Policy, PolicyAccount } from "./policy.ts";

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

/** The license that a role gets, and the rule that says so. */
interface LicenseOfRole {
  license: string;
  /** Such as `licensePerRole: engineer*`. */
  rule: string;
}

/** `undefined` where the account's policy says nothing of the role. */
type FindLicense = (account: PolicyAccount, role: string) => LicenseOfRole | undefined;

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

/** Whom the policy's exclusions look at. */
interface Excludable {
  personId: string;
  email: string;
  previousEmails: readonly string[];
  role: string | undefined;
}

/** The rule that excludes somebody, such as `exclusions.addresses: *@contractors.example`. Names no address in full. */
type FindExclusion = (person: Excludable) => string | undefined;

/**
 * Indexes the exclusions once. Earlier addresses count too: whoever must not be touched is not to be touched after a change
 * of name either.
 */
export function exclusionFinder({ exclusions = {} }: Policy): FindExclusion {
  const kinds = (["people", "addresses", "roles"] as const).flatMap((kind) => {
    const patterns = exclusions[kind] ?? [];
    return patterns.length === 0 ? [] : [{ kind, find: patternFinder(patterns) }];
  });
  return (person) => {
    for (const { kind, find } of kinds) {
      const pattern = firstFit(textsOf[kind](person), find);
      if (pattern !== undefined) return `exclusions.${kind}: ${maskEmails(pattern)}`;
    }
    return undefined;
  };
}

const textsOf = {
  people: ({ personId }: Excludable) => [personId],
  addresses: ({ email, previousEmails }: Excludable) => [email, ...previousEmails],
  roles: ({ role }: Excludable) => (role === undefined ? [] : [role]),
};

function firstFit(texts: readonly string[], find: FindPattern): string | undefined {
  for (const text of texts) {
    const pattern = find(text);
    if (pattern !== undefined) return pattern;
  }
  return undefined;
}

/** What HR systems call a leave of absence, where the policy does not say. */
const usualLeaveReasons: readonly string[] = ["leaveOfAbsence", "leave of absence", "leave-of-absence"];

/** The rule by which a leaver with this reason is only on leave and keeps access; `undefined` for everybody else. */
type FindLeave = (leaver: { reason: string | undefined; urgent: boolean }) => string | undefined;

/**
 * Whoever is only on leave keeps access unless the policy says otherwise: HR wants them back, and they come back without a
 * word. Whoever has to go at once is suspended, whatever the reason.
 */
export function leaveFinder({ leaveOfAbsence }: Policy): FindLeave {
  if (leaveOfAbsence?.do === "suspend") return () => undefined;
  const find = patternFinder(leaveOfAbsence?.reasons ?? usualLeaveReasons);
  return ({ reason, urgent }) => {
    const pattern = urgent || reason === undefined ? undefined : find(reason.trim());
    return pattern === undefined ? undefined : `leaveOfAbsence.reasons: ${maskEmails(pattern)}`;
  };
}

/** The names of the attributes by which these accounts choose their people, sorted. */
export function attributeNames(accounts: readonly Pick<PolicyAccount, "attributes">[]): string[] {
  return [...new Set(accounts.flatMap(({ attributes = {} }) => Object.keys(attributes)))].sort();
}

/** The pattern that a text fits, as the policy has it; `undefined` if it fits none. Case makes no difference. */
type FindPattern = (text: string) => string | undefined;

/**
 * Indexes patterns once. Whoever is named to the letter goes before every `*`; of several patterns the first counts, in
 * the order of the policy.
 */
export function patternFinder(patterns: readonly string[]): FindPattern {
  const exact = new Map<string, string>();
  const others: { pattern: string; lowerCase: string }[] = [];
  for (const pattern of patterns) {
    const lowerCase = pattern.toLowerCase();
    if (pattern.includes("*")) others.push({ pattern, lowerCase });
    else if (!exact.has(lowerCase)) exact.set(lowerCase, pattern);
  }
  return (text) => {
    const lowerCase = text.toLowerCase();
    return (
      exact.get(lowerCase) ?? others.find((other) => matchesPattern(other.lowerCase, lowerCase))?.pattern
    );
  };
}

/**
 * Whether a text fits a pattern in which `*` stands for any characters, none included. To the letter: whoever wants no
 * difference of case gives both in lower case. It goes through the text once, whatever the pattern.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const [start = "", ...parts] = pattern.split("*");
  const end = parts.pop();
  if (end === undefined) return pattern === text;
  if (!text.startsWith(start)) return false;
  let from = start.length;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return text.length - end.length >= from && text.endsWith(end);
}
