import type { License } from "@rollcall/chime-simulator/chimeApi";
import type { PopulatedAccount } from "@rollcall/chime-simulator/seedDirectory";

/**
 * An account of the sample day. A simulator is seeded with its people, and the day's events are about them. Each person
 * follows from an ordinal, so the two sides agree without sharing data.
 */
export interface SampleAccount {
  id: string;
  /** The domain of its people's e-mail addresses. */
  domain: string;
  supportedLicenses: readonly License[];
  defaultLicense: License;
  users: number;
  /** How many of them are suspended when the day begins; those with the lowest ordinals. */
  suspended: number;
  /** The licenses that people have when the day begins, assigned in turn. */
  licensesInTurn: readonly License[];
  /** The prefix of its people's ids in HR. */
  personPrefix: string;
}

/** An account of Amazon Chime, as `policy.yml` has them. */
export interface ChimeSampleAccount extends SampleAccount {
  type: PopulatedAccount["type"];
}

export interface SampleUser {
  userId: string;
  personId: string;
  email: string;
  licenseType: License;
  status: "Registered" | "Suspended";
}

export const sampleAccounts = {
  team: {
    id: "team-0001",
    type: "Team",
    domain: "example.com",
    supportedLicenses: ["Basic", "Plus", "Pro"],
    defaultLicense: "Basic",
    users: 1200,
    suspended: 25,
    licensesInTurn: ["Basic", "Basic", "Basic", "Plus", "Pro"],
    personPrefix: "P-T",
  },
  lwa: {
    id: "lwa-0001",
    type: "EnterpriseLWA",
    domain: "example.org",
    supportedLicenses: ["Basic", "Pro"],
    defaultLicense: "Pro",
    users: 800,
    suspended: 40,
    licensesInTurn: ["Pro", "Pro", "Basic"],
    personPrefix: "P-L",
  },
  directory: {
    id: "ad-0001",
    type: "EnterpriseDirectory",
    domain: "directory.example.net",
    supportedLicenses: ["Basic", "Pro"],
    defaultLicense: "Pro",
    users: 20,
    suspended: 0,
    licensesInTurn: ["Pro"],
    personPrefix: "P-D",
  },
} as const satisfies Record<string, ChimeSampleAccount>;

/** An account at a SCIM target. `policy.yml` has none: the demo day adds this one to the policy. */
export const scimSampleAccount = {
  id: "scim-0001",
  domain: "scim.example",
  supportedLicenses: ["Basic", "Plus", "Pro"],
  defaultLicense: "Basic",
  users: 400,
  suspended: 20,
  licensesInTurn: ["Basic", "Basic", "Plus", "Pro"],
  personPrefix: "P-C",
} as const satisfies SampleAccount;

/** The users of the account when the day begins. */
export function sampleUsers(account: SampleAccount): SampleUser[] {
  return Array.from({ length: account.users }, (_, index) => sampleUser(account, index + 1));
}

/** The person with that ordinal, from 1. */
export function sampleUser(account: SampleAccount, ordinal: number): SampleUser {
  const number = String(ordinal).padStart(4, "0");
  const { licensesInTurn } = account;
  return {
    userId: `${account.id}-user-${number}`,
    personId: `${account.personPrefix}${number}`,
    email: `person${number}@${account.domain}`,
    licenseType: licensesInTurn[ordinal % licensesInTurn.length] ?? account.defaultLicense,
    status: ordinal <= account.suspended ? "Suspended" : "Registered",
  };
}

/** The accounts of the sample day at Amazon Chime as seeds of the Chime simulator. */
export function sampleDirectory(): PopulatedAccount[] {
  return Object.values(sampleAccounts).map(toPopulatedAccount);
}

/** One account with its people as a seed of the Chime simulator. */
export function toPopulatedAccount(account: ChimeSampleAccount): PopulatedAccount {
  const { id, type, supportedLicenses, defaultLicense } = account;
  const people = sampleUsers(account).map(({ userId, email, licenseType, status }) => ({
    id: userId,
    email,
    license: licenseType,
    registration: status,
  }));
  return { id, type, supportedLicenses, defaultLicense, people };
}
