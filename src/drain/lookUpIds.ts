import type { Failure } from "../directory/failure.ts";
import type { Scan } from "../directory/scanMemory.ts";
import { type LookUp, type LookUpOptions, lookUpUsers } from "./lookUpUsers.ts";
import type { UserResolution } from "./person.ts";
import { type Addresses, readPages } from "./readPages.ts";

export type IdLookUp = LookUp | Extract<UserResolution, { kind: "known" }>;

/**
 * Finds ids by address; one answer for each of `people`, in their order. A scan of a moment ago is good enough for an
 * id, so ten batches of one rush read the directory once between them. It is not good enough for a state, or to say that
 * somebody is not there: whoever it does not show under the current address is looked up anew.
 */
export async function lookUpIds(people: readonly Addresses[], options: LookUpOptions): Promise<IdLookUp[]> {
  const scan = options.scans.recent(options.accountId);
  if (scan === undefined) return lookUpUsers(people, options);
  const notSeen = () => people.filter(([email]) => !scan.users.has(email));
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
    if (user !== undefined) return { kind: "known", userId: user.userId };
    return answerOf.get(person) ?? { kind: "failed", failure: noAnswer };
  });
}

const noAnswer: Failure = {
  class: "unknown",
  code: "NoLookUp",
  message: "the look-up gave no answer for the user",
};

/** Not where fewer look-ups than pages are left to make. */
function isWorthReadingOn(scan: Scan, missing: number, { scans, accountId }: LookUpOptions): boolean {
  if (scan.nextPageToken === undefined) return false;
  return missing > (scans.pagesOfAccount.get(accountId) ?? 1) - scan.pagesRead;
}
