import { type DirectoryUser, isActive } from "../directory/directory.ts";
import { rosterOrigin, unlistedPrefix } from "../events/hrEvent.ts";
import { comparePerson, decideRosterChange, toScopedDecision } from "./comparePerson.ts";
import { indexUsers, matchUsers } from "./matchUsers.ts";
import type { Conflict, MergedRoster, Presence, RosterPerson } from "./mergeRows.ts";
import type { DirectoryListing } from "./readDirectory.ts";
import type { CompareOptions, Comparison, Finding, RosterChange } from "./rosterChange.ts";

/**
 * Finds the changes that make the directory equal to the roster, and the findings that no event can fix. It is pure: the same
 * roster and directory give the same changes, with the same event ids.
 */
export function compareRoster(
  roster: MergedRoster,
  listings: readonly DirectoryListing[],
  options: CompareOptions,
): Comparison {
  const indexOf = new Map(listings.map((listing) => [listing.account.accountId, indexUsers(listing)]));
  const { matches, conflicts, matchedUsers } = matchUsers(roster, indexOf, options.rules);
  const changes: RosterChange[] = [];
  const findings: Finding[] = [...roster.conflicts, ...conflicts].map((conflict) => ({
    kind: "conflict",
    conflict,
  }));
  const add = (result: RosterChange | Finding) => {
    if ("desired" in result) changes.push(result);
    else findings.push(result);
  };
  for (const match of matches) comparePerson(match, options).forEach(add);
  // Nearly every user has a person, and then nobody is asked for.
  const owners = once(() => ownersOf(roster));
  const idsLeftAlone = once(() => leftAlone(roster, [...roster.conflicts, ...conflicts], options));
  for (const listing of listings) {
    for (const user of listing.users) {
      const isUnmatched = isActive(user) && !matchedUsers.has(user) && !roster.contested.has(user.email);
      if (!isUnmatched) continue;
      if (user.externalId !== undefined && idsLeftAlone().has(user.externalId)) {
        add(unlisted(user, listing));
        continue;
      }
      const { personOf, leaverOf } = owners();
      const result = compareUnmatched(user, listing, personOf.get(user.email), options);
      const leaver = leaverOf.get(user.email);
      // What would be suspended as an account without a row is, whosever it is.
      const isTold = "kind" in result && result.kind === "unlisted" && leaver !== undefined;
      add(isTold ? accessElsewhere(user, listing, leaver) : result);
    }
  }
  return { changes, findings, counts: countPeople(roster) };
}

/** Compares an active user whom no person matches: a person's further account, or a user without a row. */
function compareUnmatched(
  user: DirectoryUser,
  { account }: DirectoryListing,
  person: RosterPerson | undefined,
  options: CompareOptions,
): RosterChange | Finding {
  const { accountId } = account;
  const { email, userId } = user;
  if (person !== undefined) return accessElsewhere(user, { account }, person);
  // The directory knows no ids of HR. The user's own keeps the event apart from those about any person.
  const id = `${unlistedPrefix}${userId}`;
  const draft = {
    intent: "offboard",
    eventId: options.eventIdOf("leaver", id),
    personId: id,
    email,
    userId,
  } as const;
  const { findAccount, attributesAskedOf } = options.rules;
  // Where attributes choose the account, the user may belong to any of them: the directory has no attributes.
  if (attributesAskedOf(email).length > 0 && findAccount(email)?.id !== accountId)
    return unlisted(user, { account });
  const scoped = toScopedDecision(draft, options);
  if (scoped.kind === "excluded") return { kind: "excluded", email, rule: scoped.rule };
  if (options.absent === "report" || scoped.decision.accountId !== accountId)
    return unlisted(user, { account });
  return decideRosterChange("leaver", scoped.decision, account, user);
}

function unlisted(user: DirectoryUser, { account }: Pick<DirectoryListing, "account">): Finding {
  return { kind: "unlisted", email: user.email, accountId: account.accountId, user };
}

function accessElsewhere(
  { email }: DirectoryUser,
  { account: { accountId } }: Pick<DirectoryListing, "account">,
  { personId, presence }: RosterPerson,
): Finding {
  const kind = presence === "left" ? "leaverElsewhere" : "secondAccount";
  return { kind: "conflict", conflict: { kind, accountId, email, personId } };
}

/**
 * The ids, as a directory has them, of people with a row of whom nobody can tell who they are, or under which address: whoever has such
 * an id is not somebody without a row.
 */
function leftAlone(
  { unaddressed }: MergedRoster,
  conflicts: readonly Conflict[],
  { rules: { qualifyPerson } }: CompareOptions,
): ReadonlySet<string> {
  const ofConflicts = conflicts.flatMap((conflict) =>
    "personIds" in conflict ? conflict.personIds : [conflict.personId],
  );
  const stillThere = unaddressed.flatMap(({ personId, presence }) => (presence === "left" ? [] : [personId]));
  return new Set(
    [...ofConflicts, ...stillThere].map((personId) => qualifyPerson({ personId, origin: rosterOrigin })),
  );
}

/** People by their current addresses, and leavers by the earlier ones. */
function ownersOf({ people }: MergedRoster): Record<"personOf" | "leaverOf", Map<string, RosterPerson>> {
  const personOf = new Map<string, RosterPerson>();
  const leaverOf = new Map<string, RosterPerson>();
  for (const person of people) {
    for (const address of person.otherEmails) personOf.set(address, person);
    personOf.set(person.email, person);
    if (person.presence === "left")
      for (const address of person.previousEmails) leaverOf.set(address, person);
  }
  return { personOf, leaverOf };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function countPeople({ people, withoutAddress, droppedTexts }: MergedRoster): Comparison["counts"] {
  const counts: Record<Presence, number> = { present: 0, left: 0, later: 0 };
  for (const { presence } of people) counts[presence] += 1;
  return { people: people.length, ...counts, withoutAddress, ...(droppedTexts > 0 && { droppedTexts }) };
}
