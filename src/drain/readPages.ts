import type { Directory } from "../directory/directory.ts";
import type { Failure } from "../directory/failure.ts";
import type { Scan, ScanMemory } from "../directory/scanMemory.ts";
import { attempt, type Budget } from "./attempt.ts";

/** Somebody to find: the current address first, then the earlier ones. Lower-case. */
export type Addresses = readonly [string, ...string[]];

export interface ReadOptions {
  directory: Directory;
  accountId: string;
  budget: Budget;
  scans: ScanMemory;
}

export type ScanEnd =
  | { kind: "complete" }
  /** Not read to the end: nobody, or only this person, is still missing. */
  | { kind: "allFound" }
  | { kind: "oneLeft"; person: Addresses }
  | { kind: "failed"; failure: Failure };

/** More are not kept between invocations: some 40 MB of the function's memory. */
const mostUsersKept = 100_000;

/**
 * Reads on in a scan, noting in it whoever is seen, until nothing more is to be gained from the next page. `people` are
 * those who have not been seen yet.
 */
export async function readPages(
  people: readonly Addresses[],
  scan: Scan,
  { directory, accountId, budget, scans }: ReadOptions,
): Promise<ScanEnd> {
  const wanted = new Set(people.flat());
  const missing = byCurrentAddress(people);
  for (;;) {
    const page = await attempt(budget, (time) => directory.listUsers(accountId, scan.nextPageToken, time));
    if (page.kind === "failed") return page;
    for (const user of page.value.users) {
      if (scan.users.size < mostUsersKept || wanted.has(user.email)) scan.users.set(user.email, user);
      missing.delete(user.email);
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

/** Of people who share a current address, the one with the most earlier ones, who needs the most. */
function byCurrentAddress(people: readonly Addresses[]): Map<string, Addresses> {
  const byAddress = new Map<string, Addresses>();
  for (const person of people) {
    if (person.length > (byAddress.get(person[0])?.length ?? 0)) byAddress.set(person[0], person);
  }
  return byAddress;
}
