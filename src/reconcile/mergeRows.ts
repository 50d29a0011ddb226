import { dayMilliseconds, effectiveTime } from "../events/eventTime.ts";
import type { UserProfile } from "../events/userProfile.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { NumberedRow } from "./reading/readRoster.ts";
import type { RosterRow } from "./reading/rosterRow.ts";

export interface MergedRoster {
  people: RosterPerson[];
  conflicts: Conflict[];
  /** The addresses of people in conflicts: their users are left as they are. */
  contested: ReadonlySet<string>;
  /** Rows without an address, and so without an account. */
  withoutAddress: number;
  /** Texts of people's profiles that are wrong, and left out. */
  droppedTexts: number;
}

/** A person of the roster: all rows with one id, merged. */
export interface RosterPerson {
  /** The line or entry of the row that the person is taken from. */
  number: number;
  personId: string;
  /** Lower-case, as are all other addresses. */
  email: string;
  previousEmails: readonly string[];
  /** The current addresses of the person's other rows. */
  otherEmails: readonly string[];
  presence: Presence;
  role: string | undefined;
  licenseType: string | undefined;
  /** The attributes by which the policy chooses an account. */
  attributes: Readonly<Record<string, string>> | undefined;
  /** For a user that is created. */
  profile: UserProfile | undefined;
}

/** A contradiction in the roster or in the directory. Nothing is done about anybody it names, unless it says otherwise. */
export type Conflict =
  /**
   * Rows that give a present person different addresses, roles, licenses or attributes; or a leaver different attributes, and
   * so perhaps different accounts.
   */
  | { kind: "personTwice"; personId: string; rows: readonly number[] }
  /** Different present people with one address. */
  | { kind: "addressTwice"; email: string; personIds: readonly string[] }
  /** Different people whose addresses, current or previous, match one user. */
  | { kind: "userTwice"; accountId: string; email: string; personIds: readonly string[] }
  /** Two active users with the person's address in the account. */
  | { kind: "twoUsers"; accountId: string; email: string; personId: string }
  /** A further active user of somebody who has not left. The user in the account that the policy chooses is changed nevertheless. */
  | { kind: "secondAccount"; accountId: string; email: string; personId: string }
  /** A further active user of a leaver: access that the leaver keeps. */
  | { kind: "leaverElsewhere"; accountId: string; email: string; personId: string };

/** Whether a person should have access at the roster's time. `later`: from a day that is still to come. */
export type Presence = "present" | "left" | "later";

/** Merges rows into one entry per person, and one person per address. Rows that contradict each other become conflicts. */
export function mergeRows(
  rows: readonly NumberedRow[],
  presenceOf: (row: NumberedRow) => Presence,
): MergedRoster {
  const withAddress = rows.flatMap((row): RosterPerson[] => toPerson(row, presenceOf));
  const byId = mergeAlike(withAddress, ({ personId }) => personId, mergeOnePerson);
  const byAddress = mergeAlike(byId.people, ({ email }) => email, mergeOneAddress);
  return {
    people: byAddress.people,
    conflicts: [...byId.conflicts, ...byAddress.conflicts],
    contested: new Set([...byId.contested, ...byAddress.contested]),
    withoutAddress: rows.length - withAddress.length,
    droppedTexts: rows.reduce((sum, { droppedTexts = 0 }) => sum + droppedTexts, 0),
  };
}

function toPerson(row: NumberedRow, presenceOf: (row: NumberedRow) => Presence): RosterPerson[] {
  const { number, personId, email, previousEmails = [], role, licenseType, attributes, profile } = row;
  if (email === undefined) return [];
  const presence = presenceOf(row);
  return [
    {
      number,
      personId,
      email,
      previousEmails,
      otherEmails: [],
      presence,
      role,
      licenseType,
      attributes,
      profile,
    },
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
 * A person has several rows after a return, or with several jobs; one row with access is enough. The rows of leavers must
 * agree in attributes too: those of the first might choose an account without a user of theirs, and leave them one elsewhere.
 */
function mergeOnePerson(rows: readonly [RosterPerson, ...RosterPerson[]]): RosterPerson | Conflict {
  const decisive = mostPresent(rows);
  const alike = rows.filter(({ presence }) => presence === decisive.presence);
  if (alike.some((row) => !agree(row, decisive)))
    return { kind: "personTwice", personId: decisive.personId, rows: alike.map(({ number }) => number) };
  const otherEmails = [...new Set(rows.map(({ email }) => email))].filter(
    (email) => email !== decisive.email,
  );
  const previousEmails = [...new Set(rows.flatMap((row) => row.previousEmails))];
  return { ...decisive, previousEmails, otherEmails };
}

/** Whether two rows of a person with the same presence agree in what matters for it. */
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

/** Addresses pass from leavers to others, so an address belongs to the person who is present. */
function mergeOneAddress(people: readonly [RosterPerson, ...RosterPerson[]]): RosterPerson | Conflict {
  const present = people.filter(({ presence }) => presence === "present");
  if (present.length < 2) return mostPresent(people);
  return {
    kind: "addressTwice",
    email: mostPresent(people).email,
    personIds: present.map(({ personId }) => personId),
  };
}

/** A leaver who is to come back one day has no access until then. */
const order: readonly Presence[] = ["present", "left", "later"];

function mostPresent(people: readonly [RosterPerson, ...RosterPerson[]]): RosterPerson {
  return people.reduce((a, b) => (order.indexOf(b.presence) < order.indexOf(a.presence) ? b : a));
}

/**
 * Decides the presence of a row's person at a roster's time. A last day ends at its local midnight, and a hire date begins at
 * its own. The last day precedes the status, because HR may set the status earlier or later. A hire date after the last day
 * precedes both: that last day is of an earlier employment.
 *
 * @param asOf milliseconds since the epoch
 */
export function presenceAt(asOf: number, zoneByDefault: string): (row: RosterRow) => Presence {
  // Rows share dates, and finding the end of a day in a time zone is the costliest step of reading a roster.
  const knownEnds = new Map<string, boolean>();
  const isOver = (effectiveDate: string, timeZone: string) => {
    const key = `${effectiveDate} ${timeZone}`;
    const known = knownEnds.get(key);
    if (known !== undefined) return known;
    const over = (effectiveTime({ effectiveDate, timeZone }) ?? Number.POSITIVE_INFINITY) <= asOf;
    knownEnds.set(key, over);
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
