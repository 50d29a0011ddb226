import type { DirectoryAccount, DirectoryUser } from "../directory/directory.ts";
import type { FindAccount } from "../policy/policyRules.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { Conflict, MergedRoster, RosterPerson } from "./mergeRows.ts";
import type { DirectoryListing } from "./readDirectory.ts";

/** A person, and the user of the directory that is theirs. */
export interface Match {
  person: RosterPerson;
  /** `undefined` where the policy has no account for the address. */
  account: DirectoryAccount | undefined;
  user: DirectoryUser | undefined;
}

export interface Matches {
  matches: Match[];
  conflicts: Conflict[];
  /** Users who are somebody's, or in dispute. */
  spokenFor: ReadonlySet<DirectoryUser>;
}

/**
 * Finds each person's user: by the current address, and only then by an earlier one that is nobody's current address,
 * because addresses pass from one person to the next.
 */
export function matchUsers(
  { people, contested }: Pick<MergedRoster, "people" | "contested">,
  indexOf: ReadonlyMap<string, UserIndex>,
  findAccount: FindAccount,
): Matches {
  const current = new Set(people.map(({ email }) => email));
  const isFree = (email: string) => !current.has(email) && !contested.has(email);
  const matches: Match[] = [];
  const conflicts: Conflict[] = [];
  const byEarlier: (Match & { user: DirectoryUser; account: DirectoryAccount })[] = [];
  const spokenFor = new Set<DirectoryUser>();
  for (const person of people) {
    const index = indexOf.get(findAccount(person.email, person.attributes)?.id ?? "");
    const user = index?.byEmail.get(person.email);
    if (user !== undefined) spokenFor.add(user);
    const earlier = user === undefined ? findEarlier(person, index, isFree) : undefined;
    const account = index?.account;
    if (index?.twice.has(person.email)) conflicts.push(twoUsers(person, index.account));
    else if (earlier !== undefined && account !== undefined)
      byEarlier.push({ person, account, user: earlier });
    else matches.push({ person, account, user });
  }
  for (const [user, claims] of groupBy(byEarlier, (match) => match.user)) {
    spokenFor.add(user);
    const [claim, other] = claims;
    if (claim === undefined) continue;
    if (other === undefined) matches.push(claim);
    else conflicts.push(userTwice(user, claim.account, claims));
  }
  return { matches, conflicts, spokenFor };
}

function findEarlier(
  { previousEmails }: RosterPerson,
  index: UserIndex | undefined,
  isFree: (email: string) => boolean,
): DirectoryUser | undefined {
  const email = previousEmails.find((address) => isFree(address) && index?.byEmail.has(address));
  return email === undefined ? undefined : index?.byEmail.get(email);
}

function twoUsers({ email, personId }: RosterPerson, { accountId }: DirectoryAccount): Conflict {
  return { kind: "twoUsers", accountId, email, personId };
}

function userTwice(
  { email }: DirectoryUser,
  { accountId }: DirectoryAccount,
  claims: readonly Match[],
): Conflict {
  return { kind: "userTwice", accountId, email, personIds: claims.map(({ person }) => person.personId) };
}

/** An account's users by their address. */
interface UserIndex {
  account: DirectoryAccount;
  byEmail: ReadonlyMap<string, DirectoryUser>;
  /** Addresses that more than one active user has. */
  twice: ReadonlySet<string>;
}

/** Of a suspended and an active user with one address the active one counts. */
export function indexUsers({ account, users }: DirectoryListing): UserIndex {
  const byEmail = new Map<string, DirectoryUser>();
  const twice = new Set<string>();
  for (const user of users) {
    const other = byEmail.get(user.email);
    if (other !== undefined && isActive(other) && isActive(user)) twice.add(user.email);
    if (other === undefined || !isActive(other)) byEmail.set(user.email, user);
  }
  return { account, byEmail, twice };
}

/** Whoever is not suspended may sign in, or is about to be able to. */
export function isActive({ status }: DirectoryUser): boolean {
  return status !== "suspended";
}
