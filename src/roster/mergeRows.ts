import { groupBy } from "../drain/groupBy.ts";
import type { Presence } from "./presence.ts";
import type { NumberedRow } from "./readRoster.ts";
import type { Conflict, RosterPerson } from "./rosterPerson.ts";

export interface MergedRoster {
  people: RosterPerson[];
  conflicts: Conflict[];
  /** The addresses of people about whom the roster contradicts itself: their accounts are left as they are. */
  contested: ReadonlySet<string>;
  /** Rows without an address, and so without an account. */
  withoutAddress: number;
}

/** Rows in, one entry per person out, and one person per address. What contradicts itself stays out, and is told. */
export function mergeRows(
  rows: readonly NumberedRow[],
  presenceOf: (row: NumberedRow) => Presence,
): MergedRoster {
  const dated = rows.flatMap((row): RosterPerson[] => toPerson(row, presenceOf));
  const byId = mergeAlike(dated, ({ personId }) => personId, mergeOnePerson);
  const byAddress = mergeAlike(byId.people, ({ email }) => email, mergeOneAddress);
  return {
    people: byAddress.people,
    conflicts: [...byId.conflicts, ...byAddress.conflicts],
    contested: new Set([...byId.contested, ...byAddress.contested]),
    withoutAddress: rows.length - dated.length,
  };
}

function toPerson(row: NumberedRow, presenceOf: (row: NumberedRow) => Presence): RosterPerson[] {
  const { number, personId, email, previousEmails = [], role, licenseType, attributes } = row;
  if (email === undefined) return [];
  const presence = presenceOf(row);
  return [
    { number, personId, email, previousEmails, otherEmails: [], presence, role, licenseType, attributes },
  ];
}

type Merge = (same: readonly [RosterPerson, ...RosterPerson[]]) => RosterPerson | Conflict;

function mergeAlike(people: readonly RosterPerson[], keyOf: (person: RosterPerson) => string, merge: Merge) {
  const merged: RosterPerson[] = [];
  const conflicts: Conflict[] = [];
  const contested: string[] = [];
  for (const [first, ...others] of groupBy(people, keyOf).values()) {
    if (first === undefined) continue;
    const result = others.length === 0 ? first : merge([first, ...others]);
    if ("presence" in result) {
      merged.push(result);
      continue;
    }
    conflicts.push(result);
    for (const { email, previousEmails, otherEmails } of [first, ...others])
      contested.push(email, ...previousEmails, ...otherEmails);
  }
  return { people: merged, conflicts, contested };
}

/**
 * A person has several rows after a return, or with several jobs: whoever is there in one of them is there. Attributes must
 * agree of leavers too: the first row's might lead to an account where they have no user, and leave them one elsewhere.
 */
function mergeOnePerson(rows: readonly [RosterPerson, ...RosterPerson[]]): RosterPerson | Conflict {
  const lead = strongest(rows);
  const alike = rows.filter(({ presence }) => presence === lead.presence);
  if (alike.some((row) => !agree(row, lead)))
    return { kind: "personTwice", personId: lead.personId, rows: alike.map(({ number }) => number) };
  const otherEmails = [...new Set(rows.map(({ email }) => email))].filter((email) => email !== lead.email);
  const previousEmails = [...new Set(rows.flatMap((row) => row.previousEmails))];
  return { ...lead, previousEmails, otherEmails };
}

/** Two rows of a person with one presence, in what matters about it. */
function agree(a: RosterPerson, b: RosterPerson): boolean {
  const isInOneAccount = JSON.stringify(a.attributes) === JSON.stringify(b.attributes);
  switch (a.presence) {
    case "present":
      return isInOneAccount && a.email === b.email && a.role === b.role && a.licenseType === b.licenseType;
    case "left":
      return isInOneAccount;
    case "later":
      return true;
  }
}

/** Addresses pass from those who have left to others: the account is theirs who is there. */
function mergeOneAddress(people: readonly [RosterPerson, ...RosterPerson[]]): RosterPerson | Conflict {
  const present = people.filter(({ presence }) => presence === "present");
  if (present.length < 2) return strongest(people);
  return {
    kind: "addressTwice",
    email: strongest(people).email,
    personIds: present.map(({ personId }) => personId),
  };
}

/** Who left, and is to come back one day, has no access until then. */
const order: readonly Presence[] = ["present", "left", "later"];

function strongest(people: readonly [RosterPerson, ...RosterPerson[]]): RosterPerson {
  return people.reduce((a, b) => (order.indexOf(b.presence) < order.indexOf(a.presence) ? b : a));
}
