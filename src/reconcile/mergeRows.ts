import { dayMilliseconds, effectiveTime } from "../events/eventTime.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { NumberedRow } from "./readRoster.ts";
import type { RosterRow } from "./rosterRow.ts";

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

/** Somebody of whom the roster speaks: all rows of one person, in one. */
export interface RosterPerson {
  /** The line or entry of the row that stands for the person. */
  number: number;
  personId: string;
  /** Lower-case, as are all others. */
  email: string;
  previousEmails: readonly string[];
  /** Of further rows of the person. */
  otherEmails: readonly string[];
  presence: Presence;
  role: string | undefined;
  licenseType: string | undefined;
  /** By which the policy chooses an account. */
  attributes: Readonly<Record<string, string>> | undefined;
}

/** Where the roster, or the directory, contradicts itself. Nothing is done to anybody it names but where it says so. */
export type Conflict =
  /**
   * Rows that give a person who is there different addresses, roles, licenses or attributes; or of one who has left
   * different attributes, and so perhaps different accounts.
   */
  | { kind: "personTwice"; personId: string; rows: readonly number[] }
  /** Different people who are there under one address. */
  | { kind: "addressTwice"; email: string; personIds: readonly string[] }
  /** Different people whose addresses, of today and before, lead to one user. */
  | { kind: "userTwice"; accountId: string; email: string; personIds: readonly string[] }
  /** Two active users with the person's address in the account. */
  | { kind: "twoUsers"; accountId: string; email: string; personId: string }
  /** A further active account of somebody, who is served in the right one all the same. */
  | { kind: "secondAccount"; accountId: string; email: string; personId: string }
  /** The same of somebody who has left: the access that they keep. */
  | { kind: "leaverElsewhere"; accountId: string; email: string; personId: string };

/** Whether a person shall have access at the roster's time. `later`: from a day on that is still to come. */
export type Presence = "present" | "left" | "later";

/**
 * Tells presence at a roster's time. A last day ends where the person is, at its midnight; a hire date begins there. Of a
 * last day and a status the day decides, because HR sets the status when it likes; only a hire after the last day, which
 * is then of an earlier employment, goes before it.
 *
 * @param asOf milliseconds since the epoch
 */
export function presenceAt(asOf: number, zoneByDefault: string): (row: RosterRow) => Presence {
  // People share dates, and to find the end of a day in a time zone is the costliest step of reading a roster.
  const ends = new Map<string, boolean>();
  const isOver = (effectiveDate: string, timeZone: string) => {
    const key = `${effectiveDate} ${timeZone}`;
    const known = ends.get(key);
    if (known !== undefined) return known;
    const over = (effectiveTime({ effectiveDate, timeZone }) ?? Number.POSITIVE_INFINITY) <= asOf;
    ends.set(key, over);
    return over;
  };
  return ({ status, hireDate, lastDay, timeZone = zoneByDefault }) => {
    const isRehired = hireDate !== undefined && lastDay !== undefined && hireDate > lastDay;
    if (lastDay !== undefined && !isRehired && isOver(lastDay, timeZone)) return "left";
    if (hireDate !== undefined && !isOver(dayBefore(hireDate), timeZone)) return "later";
    return status === "left" && (lastDay === undefined || isRehired) ? "left" : "present";
  };
}

/** A day begins when the one before it ends. */
function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - dayMilliseconds).toISOString().slice(0, 10);
}
