import pMap from "p-map";
import type { Directory, DirectoryUser } from "../directory/directory.ts";
import type { Failure } from "../directory/failure.ts";
import { attempt, type Budget } from "./attempt.ts";
import type { UserResolution } from "./person.ts";

/** Somebody to find: the current address first, then the earlier ones. Lower-case. */
export type Addresses = readonly [string, ...string[]];

export interface LookUpOptions {
  directory: Directory;
  accountId: string;
  budget: Budget;
  concurrency: number;
  /** How many pages each account's directory is known to have, or at least to have. Is updated. */
  pagesOfAccount: Map<string, number>;
}

export type LookUp = Extract<UserResolution, { kind: "found" | "absent" | "failed" }>;

/**
 * Finds users by address in the fewest calls: one ListUsers per address, or a scan of the directory. The answer
 * has one entry for each of `people`, in their order.
 *
 * How many pages a directory has is known only after a first scan, because the service has no count. Until then
 * a scan is the choice that keeps the promise "never more calls than pages"; a sole address is looked up
 * directly, since a page at least would have to be read. A scan that ended early leaves a lower bound.
 */
export function lookUpUsers(people: readonly Addresses[], options: LookUpOptions): Promise<LookUp[]> {
  const lookUps = people.reduce((sum, { length }) => sum + length, 0);
  const pages = options.pagesOfAccount.get(options.accountId) ?? 1;
  return lookUps <= pages
    ? pMap(people, (person) => lookUpOne(person, options), { concurrency: options.concurrency })
    : scan(people, options);
}

async function lookUpOne(
  addresses: Addresses,
  { directory, accountId, budget }: LookUpOptions,
): Promise<LookUp> {
  for (const email of addresses) {
    const answer = await attempt(budget, (time) => directory.findUser(accountId, email, time));
    if (answer.kind === "failed") return answer;
    if (answer.value !== undefined) return { kind: "found", user: answer.value };
  }
  return { kind: "absent" };
}

async function scan(people: readonly Addresses[], options: LookUpOptions): Promise<LookUp[]> {
  const found = new Map<string, DirectoryUser>();
  const end = await readPages(people, found, options);
  const sole = end.kind === "oneLeft" ? await lookUpOne(end.person, options) : undefined;
  return people.map((person) => {
    const user = found.get(person[0]);
    if (user !== undefined) return { kind: "found", user };
    if (end.kind === "failed") return end;
    return sole ?? byEarlierAddress(person, found);
  });
}

type ScanEnd =
  | { kind: "complete" }
  /** Not read to the end: nobody, or only this person, is still missing. */
  | { kind: "allFound" }
  | { kind: "oneLeft"; person: Addresses }
  | { kind: "failed"; failure: Failure };

/** Reads pages, noting in `found` whoever is wanted, until nothing more is to be gained from the next one. */
async function readPages(
  people: readonly Addresses[],
  found: Map<string, DirectoryUser>,
  { directory, accountId, budget, pagesOfAccount }: LookUpOptions,
): Promise<ScanEnd> {
  const wanted = new Set(people.flat());
  const missing = byCurrentAddress(people);
  let pageToken: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page = await attempt(budget, (time) => directory.listUsers(accountId, pageToken, time));
    if (page.kind === "failed") return page;
    for (const user of page.value.users) {
      if (!wanted.has(user.email)) continue;
      found.set(user.email, user);
      missing.delete(user.email);
    }
    pageToken = page.value.nextPageToken;
    if (pageToken === undefined) {
      pagesOfAccount.set(accountId, pages);
      return { kind: "complete" };
    }
    pagesOfAccount.set(accountId, Math.max(pages + 1, pagesOfAccount.get(accountId) ?? 0));
    const [last] = missing.values();
    if (last === undefined) return { kind: "allFound" };
    if (missing.size === 1 && last.length === 1) return { kind: "oneLeft", person: last };
  }
}

/** Of people who share a current address, the one with the most earlier ones, who needs the most. */
function byCurrentAddress(people: readonly Addresses[]): Map<string, Addresses> {
  const byAddress = new Map<string, Addresses>();
  for (const person of people) {
    if (person.length > (byAddress.get(person[0])?.length ?? 0)) byAddress.set(person[0], person);
  }
  return byAddress;
}

/** Only after a whole scan: the current address goes first, as an address can pass from one person to another. */
function byEarlierAddress(addresses: Addresses, found: ReadonlyMap<string, DirectoryUser>): LookUp {
  for (const email of addresses) {
    const user = found.get(email);
    if (user !== undefined) return { kind: "found", user };
  }
  return { kind: "absent" };
}
