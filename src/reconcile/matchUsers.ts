import { type DirectoryAccount, type DirectoryUser, isActive } from "../directory/directory.ts";
import { rosterOrigin } from "../events/hrEvent.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { Conflict, MergedRoster, RosterPerson } from "./mergeRows.ts";
import type { DirectoryListing } from "./readDirectory.ts";

/** A person of the roster and the person's user. */
export interface Match {
  person: RosterPerson;
  /** `undefined` where the policy has no account for the address. */
  account: DirectoryAccount | undefined;
  user: DirectoryUser | undefined;
}

export interface Matches {
  matches: Match[];
  conflicts: Conflict[];
  /** Users who match a person, or several. */
  matchedUsers: ReadonlySet<DirectoryUser>;
}

/**
 * Finds each person's user: by the current address, then by HR's id where the directory has it, and only then by a previous
 * address. Neither of these may lead to somebody's current address, because addresses pass from one person to the next.
 */
export function matchUsers(
  { people, contested }: Pick<MergedRoster, "people" | "contested">,
  indexOf: ReadonlyMap<string, UserIndex>,
  { findAccount, qualifyPerson }: Pick<PolicyRules, "findAccount" | "qualifyPerson">,
): Matches {
  // Nearly everybody is found by the current address.
  let current: Set<string> | undefined;
  const isFree = (email: string) => {
    current ??= new Set(people.map((person) => person.email));
    return !current.has(email) && !contested.has(email);
  };
  const findOtherwise = (person: RosterPerson, index: UserIndex | undefined) => {
    const ofId = index?.byExternalId.get(qualifyPerson({ personId: person.personId, origin: rosterOrigin }));
    return ofId !== undefined && isFree(ofId.email) ? ofId : findByPrevious(person, index, isFree);
  };
  const matches: Match[] = [];
  const conflicts: Conflict[] = [];
  const byPrevious: (Match & { user: DirectoryUser; account: DirectoryAccount })[] = [];
  const matchedUsers = new Set<DirectoryUser>();
  for (const person of people) {
    const index = indexOf.get(findAccount(person.email, person.attributes)?.id ?? "");
    const user = index?.byEmail.get(person.email);
    if (user !== undefined) matchedUsers.add(user);
    const previous = user === undefined ? findOtherwise(person, index) : undefined;
    const account = index?.account;
    if (index?.duplicates.has(person.email)) conflicts.push(twoUsers(person, index.account));
    else if (previous !== undefined && account !== undefined)
      byPrevious.push({ person, account, user: previous });
    else matches.push({ person, account, user });
  }
  for (const [user, sameUser] of groupBy(byPrevious, (match) => match.user)) {
    matchedUsers.add(user);
    const [match, other] = sameUser;
    if (match === undefined) continue;
    if (other === undefined) matches.push(match);
    else conflicts.push(userTwice(user, match.account, sameUser));
  }
  return { matches, conflicts, matchedUsers };
}

function findByPrevious(
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
  matches: readonly Match[],
): Conflict {
  return { kind: "userTwice", accountId, email, personIds: matches.map(({ person }) => person.personId) };
}

/** An account's users by their address. */
interface UserIndex {
  account: DirectoryAccount;
  byEmail: ReadonlyMap<string, DirectoryUser>;
  /** Without ids that several users have. */
  byExternalId: ReadonlyMap<string, DirectoryUser>;
  /** Addresses of more than one active user. */
  duplicates: ReadonlySet<string>;
}

/** Indexes an account's users. Of a suspended and an active user with one address the active one is indexed. */
export function indexUsers({ account, users }: DirectoryListing): UserIndex {
  const byEmail = new Map<string, DirectoryUser>();
  const duplicates = new Set<string>();
  for (const user of users) {
    const other = byEmail.get(user.email);
    if (other !== undefined && isActive(other) && isActive(user)) duplicates.add(user.email);
    if (other === undefined || !isActive(other)) byEmail.set(user.email, user);
  }
  return { account, byEmail, byExternalId: indexExternalIds(users), duplicates };
}

function indexExternalIds(users: readonly DirectoryUser[]): Map<string, DirectoryUser> {
  const byExternalId = new Map<string, DirectoryUser>();
  const shared = new Set<string>();
  for (const user of users) {
    if (user.externalId === undefined) continue;
    if (byExternalId.has(user.externalId)) shared.add(user.externalId);
    byExternalId.set(user.externalId, user);
  }
  for (const externalId of shared) byExternalId.delete(externalId);
  return byExternalId;
}
