import type { DirectoryUser } from "../directory/directory.ts";
import { comparePerson, toScopedDecision, weigh } from "./comparePerson.ts";
import { indexUsers, isActive, matchUsers } from "./matchUsers.ts";
import type { MergedRoster, Presence, RosterPerson } from "./mergeRows.ts";
import type { DirectoryListing } from "./readDirectory.ts";
import type { Change, CompareOptions, Comparison, Finding } from "./rosterChange.ts";

/**
 * A roster and the directory in, the changes out that bring the directory to the roster, and what is told besides. Pure:
 * the same roster and directory give the same changes, with the same event ids.
 */
export function compareRoster(
  roster: MergedRoster,
  listings: readonly DirectoryListing[],
  options: CompareOptions,
): Comparison {
  const indexOf = new Map(listings.map((listing) => [listing.account.accountId, indexUsers(listing)]));
  const { matches, conflicts, spokenFor } = matchUsers(roster, indexOf, options.rules.findAccount);
  const changes: Change[] = [];
  const findings: Finding[] = [...roster.conflicts, ...conflicts].map((conflict) => ({
    kind: "conflict",
    conflict,
  }));
  const take = (result: Change | Finding) => {
    if ("wish" in result) changes.push(result);
    else findings.push(result);
  };
  for (const match of matches) comparePerson(match, options).forEach(take);
  const personOf = peopleByAddress(roster);
  for (const listing of listings) {
    for (const user of listing.users) {
      const isOpen = isActive(user) && !spokenFor.has(user) && !roster.contested.has(user.email);
      if (isOpen) take(compareUnlisted(user, listing, personOf.get(user.email), options));
    }
  }
  return { changes, findings, counts: countPeople(roster) };
}

/** An active user who is nobody's: a further account of somebody's, or one of which no row speaks. */
function compareUnlisted(
  user: DirectoryUser,
  { account }: DirectoryListing,
  person: RosterPerson | undefined,
  options: CompareOptions,
): Change | Finding {
  const { accountId } = account;
  const { email, userId } = user;
  if (person !== undefined) {
    const kind = person.presence === "left" ? "leaverElsewhere" : "secondAccount";
    return { kind: "conflict", conflict: { kind, accountId, email, personId: person.personId } };
  }
  // The directory knows no ids of HR. The user's own keeps the event apart from those about any person.
  const id = `unlisted-${userId}`;
  const asked = {
    intent: "offboard",
    eventId: options.eventIdOf("leaver", id),
    personId: id,
    email,
    userId,
  } as const;
  const { findAccount, attributesAskedOf } = options.rules;
  // Whoever is chosen by attributes may be anybody's here: the directory knows none.
  if (attributesAskedOf(email).length > 0 && findAccount(email)?.id !== accountId)
    return { kind: "unlisted", email, accountId, user };
  const scoped = toScopedDecision(asked, options);
  if (scoped.kind === "excluded") return { kind: "excluded", email, rule: scoped.rule };
  if (options.absent === "report" || scoped.decision.accountId !== accountId)
    return { kind: "unlisted", email, accountId, user };
  return weigh("leaver", scoped.decision, account, user);
}

function peopleByAddress({ people }: MergedRoster): Map<string, RosterPerson> {
  return new Map(
    people.flatMap((person) =>
      [...person.otherEmails, person.email].map((address) => [address, person] as const),
    ),
  );
}

function countPeople({ people, withoutAddress }: MergedRoster): Comparison["counts"] {
  const count = (wanted: Presence) => people.filter(({ presence }) => presence === wanted).length;
  return {
    people: people.length,
    present: count("present"),
    left: count("left"),
    later: count("later"),
    withoutAddress,
  };
}
