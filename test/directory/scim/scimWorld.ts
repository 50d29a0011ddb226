import { type ScimSimulator, startScimSimulator } from "@rollcall/scim-simulator";
import type { FaultPlan } from "@rollcall/scim-simulator/scimFaults";
import type { NewUser } from "@rollcall/scim-simulator/seedTenants";
import type { BehaviorChange } from "@rollcall/scim-simulator/tenantBehavior";
import {
  type CallEntry,
  type Directory,
  DirectoryError,
  type Operation,
  type TargetResult,
} from "../../../src/directory/directory.ts";
import { type ScimDirectoryOptions, scimDirectory } from "../../../src/directory/scim/scimDirectory.ts";
import {
  type LicensePlace,
  type ScimProfile,
  scimProfiles,
} from "../../../src/directory/scim/scimProfiles.ts";

/** A SCIM service over HTTP with one tenant, and the adapter on Node's own fetch for it. */
export interface ScimWorld {
  simulator: ScimSimulator;
  directory: Directory;
  /** Who has access now, by user name: `ada@example.com true`. */
  states(): string[];
  /** Each request's method and path, discovery left out. */
  requests(): string[];
  close(): Promise<void>;
}

export const tenant = "/scim/v2";
export const accountId = "acme";
export const budget = { milliseconds: 20_000 };

export interface ScimWorldOptions {
  behavior?: BehaviorChange;
  /** Named people; `x` is short for an active user of the id `x` and the address `x@example.com`. */
  people?: readonly (string | NewUser)[];
  /** Generated people, all active. */
  users?: number;
  faults?: FaultPlan;
  profile?: ScimProfile;
  /** No bulk requests, whatever the service announces. */
  alone?: boolean;
  license?: LicensePlace;
  adapter?: Partial<ScimDirectoryOptions>;
}

export async function startScimWorld({
  behavior = {},
  people = [],
  users = 0,
  faults,
  profile = scimProfiles.generic,
  alone = false,
  license,
  adapter = {},
}: ScimWorldOptions = {}): Promise<ScimWorld> {
  const simulator = await startScimSimulator({
    tenants: [{ basePath: tenant, token: "secret", behavior, users, people: people.map(toPerson) }],
    ...(faults !== undefined && { faults }),
  });
  const directory = scimDirectory({
    baseUrl: `${simulator.url}${tenant}`,
    allowLoopbackHttp: true,
    readToken: async () => ({ text: "secret" }),
    pace: { wait: async () => true, noteAnswer: () => undefined, intervalMilliseconds: () => 0 },
    now: Date.now,
    // A pause is not what is tested, and a moment is enough for a server to come back.
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, 5))),
    random: () => 0.5,
    profile: {
      ...profile,
      ...(alone && { bulk: { value: "never", verified: "notVerified" } }),
      ...(license !== undefined && { license: { value: license, verified: "notVerified" } }),
    },
    ...adapter,
  });
  return {
    simulator,
    directory,
    states: () =>
      simulator.directory
        .users(tenant)
        .map(({ attributes: { userName, active } }) => `${userName} ${active}`),
    requests: () =>
      simulator.calls
        .list()
        .filter(({ operation }) => operation !== "discover")
        .map(({ method, path }) => `${method} ${path}`),
    close: () => simulator.close(),
  };
}

function toPerson(person: string | NewUser) {
  return typeof person === "string" ? { id: person, userName: `${person}@example.com` } : person;
}

/** Reads the account first, as every batch does, and makes the call. One line for each result. */
export async function perform(
  { directory }: Pick<ScimWorld, "directory">,
  operation: Operation,
  ...entries: (string | CallEntry)[]
): Promise<string[]> {
  await directory.getAccount(accountId, budget);
  const targets = entries.map((entry) => (typeof entry === "string" ? { target: entry } : entry));
  try {
    const { results } = await directory.perform({ operation, accountId, entries: targets }, budget);
    return [...results].map(([target, result]) => `${target} ${toWord(result)}`);
  } catch (error) {
    return [`thrown ${toWord({ kind: "failed", failure: failureOf(error) })}`];
  }
}

function toWord(result: TargetResult): string {
  return result.kind === "done" ? "done" : `${result.failure.class} ${result.failure.code}`;
}

export function failureOf(error: unknown) {
  if (error instanceof DirectoryError) return error.failure;
  throw error;
}

/** The id of whom the keys find; `absent`, or the failure. */
export async function find(
  { directory }: Pick<ScimWorld, "directory">,
  who: string | Parameters<Directory["findUser"]>[1],
) {
  const keys = typeof who === "string" ? { email: who } : who;
  try {
    const user = await directory.findUser(accountId, keys, budget);
    return user === undefined ? "absent" : `${user.userId} ${user.state}`;
  } catch (error) {
    return toWord({ kind: "failed", failure: failureOf(error) });
  }
}

/** Everybody that the pages show, page by page. */
export async function readPages({ directory }: Pick<ScimWorld, "directory">): Promise<string[][]> {
  const pages: string[][] = [];
  let pageToken: string | undefined;
  do {
    const page = await directory.listUsers(accountId, pageToken, budget);
    pages.push(page.users.map(({ userId }) => userId));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return pages;
}
