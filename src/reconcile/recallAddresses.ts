import pMap from "p-map";
import { isActive } from "../directory/directory.ts";
import { unlistedPrefix } from "../events/hrEvent.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import {
  addressesOf,
  type Conflict,
  type MergedRoster,
  type RosterPerson,
  separateUnclear,
  type Unaddressed,
} from "./mergeRows.ts";
import type { DirectoryListing } from "./readDirectory.ts";
import type { Comparison } from "./rosterChange.ts";
import type { RosterAddresses } from "./rosterPorts.ts";

/** A roster, and what it would change without the ledger's memory. */
interface FirstLook {
  roster: MergedRoster;
  listings: readonly DirectoryListing[];
  comparison: Comparison;
}

/**
 * Completes a roster by the addresses that the ledger knows its people by. A new address under the same id is a change of one person
 * where the old one is gone from the roster: then it is a previous one. Where the old one is somebody else's by now, two people may
 * share the id, which is a conflict. People of whom HR has cleared the address have the one of the ledger, if an active user has it.
 *
 * Only people whom the comparison would change are asked about; and leavers without a user, and people without an address, if there
 * are active users of whom the roster does not speak. `undefined`: the ledger adds nothing.
 */
export async function recallAddresses(
  { roster, listings, comparison }: FirstLook,
  addresses: RosterAddresses,
): Promise<MergedRoster | undefined> {
  const taken = addressesIn(roster);
  const users = new Set(
    listings.flatMap((listing) => listing.users.flatMap((user) => (isActive(user) ? [user.email] : []))),
  );
  const free = new Set([...users].filter((email) => !taken.has(email)));
  const changed = idsOfChanges(comparison);
  const unaddressed = free.size === 0 ? [] : roster.unaddressed;
  const gone = free.size === 0 ? [] : roster.people.filter((person) => isLeaverWithout(users, person));
  const asked = new Set([...changed, ...[...gone, ...unaddressed].map(({ personId }) => personId)]);
  if (asked.size === 0) return undefined;
  const known = await addresses.recall([...asked]);
  if (known.size === 0) return undefined;
  const isOwn = (email: string, personId: string) => addresses.isOwn(email, personId);
  const renamed = await findRenamed(roster.people, { changed, known, taken, free, isOwn });
  const found = await findUnaddressed(unaddressed, { known, free, isOwn });
  if (renamed.size + found.length === 0) return undefined;
  return complete(roster, renamed, found);
}

function isLeaverWithout(users: ReadonlySet<string>, { presence, email }: RosterPerson): boolean {
  return presence === "left" && !users.has(email);
}

function addressesIn({ people, contested }: MergedRoster): Set<string> {
  const taken = new Set(contested);
  for (const person of people) for (const address of addressesOf(person)) taken.add(address);
  return taken;
}

function idsOfChanges({ changes, findings }: Comparison): Set<string> {
  const ids = [
    ...changes.map(({ desired }) => desired.group.newest.personId),
    ...findings.map((finding) => ("personId" in finding ? (finding.personId ?? "") : "")),
  ];
  return new Set(ids.filter((id) => id !== "" && !id.startsWith(unlistedPrefix)));
}

interface Known {
  known: ReadonlyMap<string, readonly string[]>;
  isOwn: RosterAddresses["isOwn"];
}

interface ToRename extends Known {
  changed: ReadonlySet<string>;
  /** All addresses in the roster. */
  taken: ReadonlySet<string>;
  /** The addresses of active users of whom the roster does not speak. */
  free: ReadonlySet<string>;
}

/** The port asks the ledger for each address of its own. */
const questionsAtOnce = 8;

/** The people to whom the ledger adds a previous address, and those whose id it knows as somebody else's. */
async function findRenamed(
  people: readonly RosterPerson[],
  { changed, known, taken, free, isOwn }: ToRename,
): Promise<Map<RosterPerson, RosterPerson | Conflict>> {
  const renamed = new Map<RosterPerson, RosterPerson | Conflict>();
  const rename = async (person: RosterPerson) => {
    const { personId, email, number: row, previousEmails } = person;
    const addresses = known.get(personId) ?? [];
    const own = new Set(addressesOf(person));
    const isChanged = changed.has(personId);
    const gone = addresses.filter((address) => (isChanged ? !taken.has(address) : free.has(address)));
    const areOwn = await Promise.all(gone.map((address) => isOwn(address, personId)));
    const previous = gone.filter((_, index) => areOwn[index]);
    if (previous.length > 0)
      renamed.set(person, { ...person, previousEmails: [...previousEmails, ...previous] });
    else if (isChanged && !addresses.some((address) => own.has(address)))
      renamed.set(person, { kind: "idOfAnother", email, personId, row });
  };
  const asked = people.filter(({ personId }) => known.has(personId));
  await pMap(asked, rename, { concurrency: questionsAtOnce });
  return renamed;
}

interface ToFind extends Known {
  /** The addresses of active users of whom the roster does not speak. */
  free: ReadonlySet<string>;
}

/** The people without an address, under one that an active user has. An address that two of them had is nobody's. */
async function findUnaddressed(
  people: readonly Unaddressed[],
  { known, free, isOwn }: ToFind,
): Promise<(Unaddressed & { email: string; otherEmails: string[] })[]> {
  const candidates = people.flatMap((person) => {
    const addresses = (known.get(person.personId) ?? []).filter((address) => free.has(address));
    return addresses.length === 0 ? [] : [{ person, addresses }];
  });
  const claims = groupBy(
    candidates.flatMap(({ addresses }) => addresses),
    (address) => address,
  );
  const found = await pMap(
    candidates,
    async ({ person, addresses }) => {
      const sole = addresses.filter((address) => claims.get(address)?.length === 1);
      const areOwn = await Promise.all(sole.map((address) => isOwn(address, person.personId)));
      const [email, ...otherEmails] = sole.filter((_, index) => areOwn[index]);
      return email === undefined ? undefined : { ...person, email, otherEmails };
    },
    { concurrency: questionsAtOnce },
  );
  return found.filter((person) => person !== undefined);
}

function complete(
  roster: MergedRoster,
  renamed: ReadonlyMap<RosterPerson, RosterPerson | Conflict>,
  found: readonly (Unaddressed & { email: string; otherEmails: string[] })[],
): MergedRoster {
  const people: RosterPerson[] = [];
  const conflicts: Conflict[] = [];
  const contested = new Set(roster.contested);
  for (const person of roster.people) {
    const result = renamed.get(person) ?? person;
    if ("presence" in result) {
      people.push(result);
      continue;
    }
    conflicts.push(result);
    for (const address of addressesOf(person)) contested.add(address);
  }
  const foundIds = new Set(found.map(({ personId }) => personId));
  const clear = separateUnclear(found);
  for (const address of clear.contested) contested.add(address);
  return {
    ...roster,
    people: [...people, ...clear.people],
    conflicts: [...roster.conflicts, ...conflicts, ...clear.conflicts],
    contested,
    unaddressed: roster.unaddressed.filter(({ personId }) => !foundIds.has(personId)),
  };
}
