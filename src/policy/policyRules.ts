import { maskEmails } from "../privacy/masking.ts";
import { afterSuspensionFinder, type FindAfterSuspension } from "./afterSuspension.ts";
import { type FindTrial, trialFinder } from "./observation.ts";
import { type FindPattern, patternFinder } from "./patterns.ts";
import type { Policy, PolicyAccount } from "./policy.ts";

/** What the policy says about one person, each answer with the rule that gave it. */
export interface PolicyRules {
  findAccount: FindAccount;
  /** The account of this id. */
  findAccountById: (id: string) => PolicyAccount | undefined;
  /** The ids of all accounts that have the domain of an address, whatever attributes they choose their people by. */
  findAccountIds: (email: string) => readonly string[];
  findLicense: FindLicense;
  findExclusion: FindExclusion;
  findLeave: FindLeave;
  findAfterSuspension: FindAfterSuspension;
  /** The trial because of which a decision is only observed. */
  findTrial: FindTrial;
  /** The names of the attributes by which the accounts of an address's domain choose their people. */
  attributesAskedOf: (email: string) => readonly string[];
  /** The person's id with its namespace in front, where the policy names one for the event's origin. */
  qualifyPerson: QualifyPerson;
  /** The age beyond which events are rejected as stale; `undefined` if there is no such age. */
  maxAgeDays: number | undefined;
}

/** Indexes a policy once, for all the events to come. */
export function toPolicyRules(policy: Policy): PolicyRules {
  return {
    findAccount: accountFinder(policy),
    findAccountById: (id) => policy.accounts.find((account) => account.id === id),
    findAccountIds: accountIdFinder(policy),
    findLicense: licenseFinder(policy),
    findExclusion: exclusionFinder(policy),
    findLeave: leaveFinder(policy),
    findAfterSuspension: afterSuspensionFinder(policy),
    findTrial: trialFinder(policy),
    attributesAskedOf: (email) => {
      const domain = domainOf(email);
      return attributeNames(policy.accounts.filter(({ domains }) => domains.includes(domain)));
    },
    qualifyPerson: personQualifier(policy),
    maxAgeDays: policy.freshness?.maxAgeDays,
  };
}

export type QualifyPerson = (event: { personId: string; origin?: string | undefined }) => string;

/**
 * Two HR systems may both have a person 1042. An id is qualified once: a follow-up has the id of the decision that it follows from,
 * and an origin of its own.
 */
export function personQualifier({ personIds }: Pick<Policy, "personIds">): QualifyPerson {
  const namespaces = new Map(
    Object.entries(personIds?.namespaces ?? {}).flatMap(([namespace, origins]) =>
      origins.map((origin) => [origin, namespace] as const),
    ),
  );
  if (namespaces.size === 0) return ({ personId }) => personId;
  return ({ personId, origin = "" }) => {
    const namespace = namespaces.get(origin);
    return namespace === undefined ? personId : `${namespace}/${personId}`;
  };
}

/** The names of the attributes by which these accounts choose their people, sorted. */
export function attributeNames(accounts: readonly Pick<PolicyAccount, "attributes">[]): string[] {
  return [...new Set(accounts.flatMap(({ attributes = {} }) => Object.keys(attributes)))].sort();
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1);
}

/** Finds the account that a person belongs to, by the domain of the e-mail address (lower-case) and the attributes. */
export type FindAccount = (email: string, attributes?: Attributes) => PolicyAccount | undefined;

/** What HR says of a person beside the address, by name: `company`, `department` and the like. */
type Attributes = Readonly<Record<string, string>>;

/** Indexes the accounts by domain. Where several accounts fit a person, the first in the policy applies. */
export function accountFinder(policy: Policy): FindAccount {
  const candidates = new Map<string, Candidate[]>();
  for (const account of policy.accounts) {
    const candidate = { account, takes: attributeTest(account.attributes) };
    for (const domain of account.domains)
      candidates.set(domain, [...(candidates.get(domain) ?? []), candidate]);
  }
  return (email, attributes = noAttributes) => {
    for (const { account, takes } of candidates.get(domainOf(email)) ?? [])
      if (takes(attributes)) return account;
    return undefined;
  };
}

/** Indexes the ids of accounts by domain. */
function accountIdFinder(policy: Policy): PolicyRules["findAccountIds"] {
  const ids = new Map<string, string[]>();
  for (const { id, domains } of policy.accounts)
    for (const domain of domains) ids.set(domain, [...(ids.get(domain) ?? []), id]);
  return (email) => ids.get(domainOf(email)) ?? [];
}

const noAttributes: Attributes = {};

interface Candidate {
  account: PolicyAccount;
  takes: (attributes: Attributes) => boolean;
}

/** A person must have every attribute that the account names, with a value that fits. */
function attributeTest(wanted: PolicyAccount["attributes"] = {}): Candidate["takes"] {
  const tests = Object.entries(wanted).map(([name, patterns]) => ({ name, find: patternFinder(patterns) }));
  return (attributes) =>
    tests.every(({ name, find }) => {
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      return value !== undefined && find(value) !== undefined;
    });
}

/** The license that a role gets in an account; `undefined` where the policy says nothing about the role. */
type FindLicense = (account: PolicyAccount, role: string) => LicenseOfRole | undefined;

interface LicenseOfRole {
  license: string;
  /** Such as `licensePerRole: engineer*`. */
  rule: string;
}

/** Indexes the accounts' licenses. A role's own name precedes every pattern, and all of them precede the default. */
export function licenseFinder(policy: Policy): FindLicense {
  const finders = new Map(policy.accounts.map((account) => [account.id, accountLicenseFinder(account)]));
  return ({ id }, role) => finders.get(id)?.(role);
}

function accountLicenseFinder({ licensePerRole, defaultLicense }: PolicyAccount) {
  const licenses = new Map(Object.entries(licensePerRole));
  const findPattern = patternFinder([...licenses.keys()]);
  return (role: string): LicenseOfRole | undefined => {
    const pattern = findPattern(role);
    const license = pattern === undefined ? undefined : licenses.get(pattern);
    if (license !== undefined) return { license, rule: `licensePerRole: ${pattern}` };
    return defaultLicense === undefined ? undefined : { license: defaultLicense, rule: "defaultLicense" };
  };
}

/** The rule that excludes somebody, such as `exclusions.addresses: *@contractors.example`. Names no address in full. */
type FindExclusion = (person: Excludable) => string | undefined;

/** What the policy's exclusions look at. */
interface Excludable {
  personId: string;
  email: string;
  previousEmails: readonly string[];
  role: string | undefined;
}

/** Indexes the exclusions. Previous addresses count too, so that a change of name does not end an exclusion. */
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

/** The rule by which a leaver with this reason is only on leave and keeps access; `undefined` for everybody else. */
type FindLeave = (leaver: { reason: string | undefined; urgent: boolean }) => string | undefined;

/** What HR systems call a leave of absence, where the policy does not say. */
const usualLeaveReasons: readonly string[] = ["leaveOfAbsence", "leave of absence", "leave-of-absence"];

/**
 * People on leave keep access unless the policy says otherwise: they come back, and HR sends no event when they do. An urgent
 * leaver is suspended, whatever the reason.
 */
export function leaveFinder({ leaveOfAbsence }: Policy): FindLeave {
  if (leaveOfAbsence?.do === "suspend") return () => undefined;
  const find = patternFinder(leaveOfAbsence?.reasons ?? usualLeaveReasons);
  return ({ reason, urgent }) => {
    const pattern = urgent || reason === undefined ? undefined : find(reason.trim());
    return pattern === undefined ? undefined : `leaveOfAbsence.reasons: ${maskEmails(pattern)}`;
  };
}
