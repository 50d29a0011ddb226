import type { BehaviorChange } from "@rollcall/scim-simulator/tenantBehavior";
import type { Seed } from "@rollcall/simulated-service/seededDraws";
import type { Policy } from "../../src/policy/policy.ts";
import type { ScimLies } from "../directories/scimFaults.ts";
import { type SimulatedScim, startSimulatedScim } from "../directories/simulatedScim.ts";
import { type SampleAccount, sampleUsers } from "./sampleAccounts.ts";

/** Sample accounts at a SCIM target that runs, and what the service has to know of them. */
export interface SampleScim {
  directory: SimulatedScim;
  /** The target's tokens, by the names of their parameters in SSM. */
  parameters: Readonly<Record<string, string>>;
  policyAccounts: Policy["accounts"];
}

/** An account, and how its target deviates from the standard. */
export interface ScimSampleAccount extends SampleAccount {
  behavior?: BehaviorChange;
  lies?: ScimLies;
}

export interface SampleScimOptions {
  /** Who is in an account at the start; by default the people of the sample day. */
  people?: (account: SampleAccount) => readonly SampleScimUser[];
  accounts: readonly ScimSampleAccount[];
  seed?: Seed;
  /** Of 127.0.0.1. Default: a free one. */
  port?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

const licenseAttribute = "userType";
const licensePerRole = { engineer: "Pro", sales: "Plus", contractor: "Basic" };

/**
 * Starts a target that keeps to the standard and takes bulk requests, but for what an account says, with a tenant for each account. The license of a user is the
 * attribute `userType`.
 */
export async function startSampleScim({
  accounts,
  people = peopleOf,
  ...options
}: SampleScimOptions): Promise<SampleScim> {
  const directory = await startSimulatedScim({
    ...options,
    accounts: accounts.map((account) => ({
      accountId: account.id,
      licenseAttribute,
      ...(account.lies && { lies: account.lies }),
      tenant: {
        basePath: basePathOf(account),
        token: tokenOf(account),
        behavior: account.behavior ?? {},
        people: people(account),
      },
    })),
  });
  return {
    directory,
    parameters: Object.fromEntries(accounts.map((account) => [secretOf(account), tokenOf(account)])),
    policyAccounts: accounts.map((account) => ({
      id: account.id,
      domains: [account.domain],
      licensePerRole,
      directory: {
        kind: "scim",
        profile: "generic",
        baseUrl: directory.baseUrlOf(account.id),
        secret: secretOf(account),
        license: { path: licenseAttribute, shape: "text" },
      },
    })),
  };
}

function basePathOf({ id }: SampleAccount): string {
  return `/${id}/scim/v2`;
}

function tokenOf({ id }: SampleAccount): string {
  return `token-of-${id}`;
}

function secretOf({ id }: SampleAccount): string {
  return `/rollcall/${id}`;
}

/** A user as the target has them. */
type SampleScimUser = { id?: string; userName: string; active: boolean; userType: string };

function peopleOf(account: SampleAccount): SampleScimUser[] {
  return sampleUsers(account).map(({ userId, email, licenseType, status }) => ({
    id: userId,
    userName: email,
    active: status === "Registered",
    userType: licenseType,
  }));
}
