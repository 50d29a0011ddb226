import pMap from "p-map";
import type { DirectoryUser } from "../directory/directory.ts";
import { attempt } from "./attempt.ts";
import type { UserResolution } from "./person.ts";
import { type Addresses, type ReadOptions, readPages } from "./readPages.ts";

export interface LookUpOptions extends ReadOptions {
  concurrency: number;
}

export type LookUp = Extract<UserResolution, { kind: "found" | "absent" | "failed" }>;

/**
 * Finds users by address, as the directory stands now, in the fewest calls: one ListUsers per address, or a scan of the
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
    const answer = await attempt(budget, (time) => directory.findUser(accountId, email, time));
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
    if (user !== undefined) return { kind: "found", user };
    if (end.kind === "failed") return end;
    return sole ?? byEarlierAddress(person, scan.users);
  });
}

/** Only after a whole scan: the current address goes first, as an address can pass from one person to another. */
function byEarlierAddress(addresses: Addresses, found: ReadonlyMap<string, DirectoryUser>): LookUp {
  for (const email of addresses) {
    const user = found.get(email);
    if (user !== undefined) return { kind: "found", user };
  }
  return { kind: "absent" };
}
