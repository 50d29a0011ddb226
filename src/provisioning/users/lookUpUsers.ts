import pMap from "p-map";
import {
  addressShared,
  attempt,
  type Budget,
  type Directory,
  type Failure,
  isActive,
  isPerson,
} from "../../directory/directory.ts";
import { addToScan, type Scan, type ScanMemory } from "../../directory/directoryCache.ts";
import type { UserResolution } from "../decision.ts";

/** The addresses of a person to find: the current one first, then the earlier ones. Lower-case. */
export type Addresses = readonly [string, ...string[]];

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
 * Finds ids by address; one answer for each of `people`, in their order. A scan of a moment ago is good enough for an
 * id, so ten batches of one rush of leavers read the directory once between them. It is not good enough for a state, or to say that
 * somebody is not there: users that it does not show under their current address are looked up anew.
 */
export async function lookUpIds(people: readonly Addresses[], options: LookUpOptions): Promise<IdLookUp[]> {
  const scan = options.scans.recent(options.accountId);
  if (scan === undefined) return lookUpUsers(people, options);
  // Where a suspended user is seen, an active one with the address may be on a page to come, or have come since.
  const notSeen = () => people.filter(([email]) => !isSeenActive(scan, email));
  if (isWorthReadingOn(scan, notSeen().length, options)) {
    const end = await readPages(notSeen(), scan, options);
    // Its page token may have run out: the look-ups that follow begin anew, and tell if that fails too.
    if (end.kind === "failed") options.scans.forget(options.accountId);
  }
  const unseen = notSeen();
  const answers = await lookUpUsers(unseen, options);
  const answerOf = new Map(unseen.map((person, position) => [person, answers[position]]));
  return people.map((person) => {
    const user = scan.users.get(person[0]);
    if (scan.shared.has(person[0])) return shared;
    if (user !== undefined && isActive(user)) return { kind: "known", userId: user.userId, from: "scan" };
    return answerOf.get(person) ?? { kind: "failed", failure: noAnswer };
  });
}

function isSeenActive({ users }: Scan, email: string): boolean {
  const user = users.get(email);
  return user !== undefined && isActive(user);
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
 * Finds users by address, as the directory stands now, in the fewest calls: one look-up for each address, or a scan of the
 * directory. The answer has one entry for each of `people`, in their order.
 *
 * How many pages a directory has is known only after a first scan, because the service has no count. Until then
 * a scan is the choice that keeps the promise "never more calls than pages"; a sole address is looked up
 * directly, since a page at least would have to be read. A scan that ended early leaves a lower bound.
 */
export function lookUpUsers(people: readonly Addresses[], options: LookUpOptions): Promise<LookUp[]> {
  const lookUps = people.reduce((sum, { length }) => sum + length, 0);
  const pages = options.scans.pagesOfAccount.get(options.accountId) ?? 1;
  return lookUps <= pages
    ? pMap(people, (person) => lookUpOne(person, options), { concurrency: options.concurrency })
    : scanAnew(people, options);
}

async function lookUpOne(
  addresses: Addresses,
  { directory, accountId, budget }: LookUpOptions,
): Promise<LookUp> {
  for (const email of addresses) {
    const answer = await attempt(budget, (time) => directory.findUser(accountId, { email }, time));
    if (answer.kind === "failed") return answer;
    if (answer.value !== undefined) return { kind: "found", user: answer.value };
  }
  return { kind: "absent" };
}

async function scanAnew(people: readonly Addresses[], options: LookUpOptions): Promise<LookUp[]> {
  const scan = options.scans.begin(options.accountId);
  const end = await readPages(people, scan, options);
  const sole = end.kind === "oneLeft" ? await lookUpOne(end.person, options) : undefined;
  return people.map((person) => {
    const user = scan.users.get(person[0]);
    if (scan.shared.has(person[0])) return shared;
    if (user !== undefined && isActive(user)) return { kind: "found", user };
    if (end.kind === "failed") return end;
    return sole ?? byAnyAddress(person, scan);
  });
}

/**
 * Finds a user by any of the person's addresses, after a whole scan. The current one goes first, because an address can pass
 * from one person to another.
 */
function byAnyAddress(addresses: Addresses, scan: Scan): LookUp {
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
  | { kind: "oneLeft"; person: Addresses }
  | { kind: "failed"; failure: Failure };

/** More users are not kept between invocations: they take some 40 MB of the function's memory. */
const mostUsersKept = 100_000;

/**
 * Reads further pages of a scan, and stores the users they show, until the next page can bring nothing new. `people` are
 * those who have not been seen yet. Whoever is only seen suspended is still missing: an active user may have the same address.
 */
async function readPages(
  people: readonly Addresses[],
  scan: Scan,
  { directory, accountId, budget, scans }: LookUpOptions,
): Promise<ScanEnd> {
  const wanted = new Set(people.flat());
  const missing = byCurrentAddress(people);
  for (;;) {
    const page = await attempt(budget, (time) => directory.listUsers(accountId, scan.nextPageToken, time));
    if (page.kind === "failed") return page;
    for (const user of page.value.users) {
      if (scan.users.size < mostUsersKept || wanted.has(user.email)) addToScan(scan, user);
      if (isActive(user) && isPerson(user)) missing.delete(user.email);
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
    if (missing.size === 1 && last.length === 1) return { kind: "oneLeft", person: last };
  }
}

/** Of people who share a current address, the one with the most earlier addresses needs the most pages. */
function byCurrentAddress(people: readonly Addresses[]): Map<string, Addresses> {
  const byAddress = new Map<string, Addresses>();
  for (const person of people) {
    if (person.length > (byAddress.get(person[0])?.length ?? 0)) byAddress.set(person[0], person);
  }
  return byAddress;
}
