import pMap from "p-map";
import {
  addressShared,
  attempt,
  type Budget,
  type Directory,
  type DirectoryUser,
  type Failure,
  isActive,
  isPerson,
  type UserKeys,
} from "../../directory/directory.ts";
import { addToScan, type Scan, type ScanMemory } from "../../directory/directoryCache.ts";
import type { UserResolution } from "../decision.ts";

/** The addresses of a person to find: the current one first, then the earlier ones. Lower-case. */
export type Addresses = readonly [string, ...string[]];

/** Whose user is to be found. */
export interface Sought extends Pick<UserKeys, "userId" | "externalId"> {
  addresses: Addresses;
}

export interface LookUpOptions {
  directory: Directory;
  accountId: string;
  budget: Budget;
  scans: ScanMemory;
  /** Calls of the directory under way at once. */
  concurrency: number;
}

export type LookUp = Extract<UserResolution, { kind: "found" | "absent" | "failed" }>;
export type IdLookUp = LookUp | Extract<UserResolution, { kind: "known" }>;

/**
 * Finds ids; one answer for each of `people`, in their order. A scan of a moment ago is good enough for an
 * id, so ten batches of one rush of leavers read the directory once between them. It is not good enough for a state, or to say that
 * somebody is not there: users that it does not show under their current address are looked up anew.
 */
export async function lookUpIds(people: readonly Sought[], options: LookUpOptions): Promise<IdLookUp[]> {
  const scan = options.scans.recent(options.accountId);
  if (scan === undefined) return lookUpUsers(people, options);
  // Where a suspended user is seen, an active one with the address may be on a page to come, or have come since.
  const notSeen = () => people.filter((person) => seenActive(scan, person) === undefined);
  if (isWorthReadingOn(scan, notSeen().length, options)) {
    const end = await readPages(notSeen(), scan, options);
    // Its page token may have run out: the look-ups that follow begin anew, and tell if that fails too.
    if (end.kind === "failed") options.scans.forget(options.accountId);
  }
  const unseen = notSeen();
  const answers = await lookUpUsers(unseen, options);
  const answerOf = new Map(unseen.map((person, position) => [person, answers[position]]));
  return people.map((person) => {
    const user = seenActive(scan, person);
    if (user === "shared") return shared;
    if (user !== undefined)
      return { kind: "known", userId: user.userId, from: "scan", seen: { user, at: scan.begunAt } };
    return answerOf.get(person) ?? { kind: "failed", failure: noAnswer };
  });
}

/** The active user of a person, by external id before the current address: an address can pass to somebody else. */
function seenActive(
  { users, byExternalId, shared }: Scan,
  { addresses: [email], externalId }: Sought,
): DirectoryUser | "shared" | undefined {
  const byId = externalId === undefined ? undefined : byExternalId.get(externalId);
  if (byId !== undefined && byId !== "shared" && isActive(byId)) return byId;
  if (shared.has(email)) return "shared";
  const user = users.get(email);
  return user !== undefined && isActive(user) ? user : undefined;
}

const shared: LookUp = { kind: "failed", failure: addressShared };

const noAnswer: Failure = {
  class: "unknown",
  code: "NoLookUp",
  message: "the look-up gave no answer for the user",
};

/** Reading on is in vain where fewer look-ups than pages are left to make. */
function isWorthReadingOn(scan: Scan, missing: number, { scans, accountId }: LookUpOptions): boolean {
  if (scan.nextPageToken === undefined) return false;
  return missing > (scans.pagesOfAccount.get(accountId) ?? 1) - scan.pagesRead;
}

/**
 * Finds users by what is known of them, as the directory stands now, in the fewest calls: one look-up for each address, or a scan of the
 * directory. The answer has one entry for each of `people`, in their order.
 *
 * How many pages a directory has is known only after a first scan, because the service has no count. Until then
 * a scan is the choice that keeps the promise "never more calls than pages"; a sole address is looked up
 * directly, since a page at least would have to be read. A scan that ended early leaves a lower bound.
 */
export function lookUpUsers(people: readonly Sought[], options: LookUpOptions): Promise<LookUp[]> {
  const lookUps = people.reduce((sum, { addresses }) => sum + addresses.length, 0);
  const pages = options.scans.pagesOfAccount.get(options.accountId) ?? 1;
  return lookUps <= pages
    ? pMap(people, (person) => lookUpOne(person, options), { concurrency: options.concurrency })
    : scanAnew(people, options);
}

async function lookUpOne(
  { addresses, ...ids }: Sought,
  { directory, accountId, budget }: LookUpOptions,
): Promise<LookUp> {
  for (const [index, email] of addresses.entries()) {
    const who = index === 0 ? { ...ids, email } : { email };
    const answer = await attempt(budget, (time) => directory.findUser(accountId, who, time));
    if (answer.kind === "failed") return answer;
    if (answer.value !== undefined) return { kind: "found", user: answer.value };
  }
  return { kind: "absent" };
}

async function scanAnew(people: readonly Sought[], options: LookUpOptions): Promise<LookUp[]> {
  const scan = options.scans.begin(options.accountId);
  const end = await readPages(people, scan, options);
  const sole = end.kind === "oneLeft" ? await lookUpOne(end.person, options) : undefined;
  return people.map((person) => {
    const user = seenActive(scan, person);
    if (user === "shared") return shared;
    if (user !== undefined) return { kind: "found", user };
    if (end.kind === "failed") return end;
    return sole ?? byAnyKey(person, scan);
  });
}

/**
 * Finds a user by any of a person's keys, after a whole scan. The external id goes first, then the current address, because an
 * address can pass from one person to another.
 */
function byAnyKey({ addresses, externalId }: Sought, scan: Scan): LookUp {
  const byId = externalId === undefined ? undefined : scan.byExternalId.get(externalId);
  if (byId !== undefined && byId !== "shared") return { kind: "found", user: byId };
  for (const email of addresses) {
    if (scan.shared.has(email)) return shared;
    const user = scan.users.get(email);
    if (user !== undefined) return { kind: "found", user };
  }
  return { kind: "absent" };
}

type ScanEnd =
  | { kind: "complete" }
  /** Not read to the end: nobody, or only this person, is still missing. */
  | { kind: "allFound" }
  | { kind: "oneLeft"; person: Sought }
  | { kind: "failed"; failure: Failure };

/** More users are not kept between invocations: they take some 40 MB of the function's memory. */
const mostUsersKept = 100_000;

/**
 * Reads further pages of a scan, and stores the users they show, until the next page can bring nothing new. `people` are
 * those who have not been seen yet. Whoever is only seen suspended is still missing: an active user may have the same address.
 */
async function readPages(
  people: readonly Sought[],
  scan: Scan,
  { directory, accountId, budget, scans }: LookUpOptions,
): Promise<ScanEnd> {
  const wanted = new Set(people.flatMap(({ addresses, externalId = "" }) => [...addresses, externalId]));
  const missing = byCurrentAddress(people);
  const addressOf = new Map(people.map(({ addresses: [email], externalId }) => [externalId, email]));
  for (;;) {
    const page = await attempt(budget, (time) => directory.listUsers(accountId, scan.nextPageToken, time));
    if (page.kind === "failed") return page;
    for (const user of page.value.users) {
      const { email, externalId } = user;
      const isWanted = wanted.has(email) || (externalId !== undefined && wanted.has(externalId));
      if (scan.users.size < mostUsersKept || isWanted) addToScan(scan, user);
      if (!isActive(user) || !isPerson(user)) continue;
      missing.delete(email);
      if (externalId !== undefined) missing.delete(addressOf.get(externalId) ?? email);
    }
    if (scan.users.size >= mostUsersKept) scans.forget(accountId);
    scan.pagesRead += 1;
    scan.nextPageToken = page.value.nextPageToken;
    if (scan.nextPageToken === undefined) {
      scans.pagesOfAccount.set(accountId, scan.pagesRead);
      return { kind: "complete" };
    }
    const known = scans.pagesOfAccount.get(accountId) ?? 0;
    scans.pagesOfAccount.set(accountId, Math.max(scan.pagesRead + 1, known));
    const [last] = missing.values();
    if (last === undefined) return { kind: "allFound" };
    if (missing.size === 1 && last.addresses.length === 1) return { kind: "oneLeft", person: last };
  }
}

/** Of people who share a current address, the one with the most earlier addresses needs the most pages. */
function byCurrentAddress(people: readonly Sought[]): Map<string, Sought> {
  const byAddress = new Map<string, Sought>();
  for (const person of people) {
    const [email] = person.addresses;
    if (person.addresses.length > (byAddress.get(email)?.addresses.length ?? 0)) byAddress.set(email, person);
  }
  return byAddress;
}
