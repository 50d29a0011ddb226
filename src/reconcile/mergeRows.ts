import { dayMilliseconds, effectiveTime } from "../events/eventTime.ts";
import type { UserProfile } from "../events/userProfile.ts";
import type { NumberedRow } from "./reading/completeRows.ts";

export interface MergedRoster {
  people: RosterPerson[];
  conflicts: Conflict[];
  /** The addresses of people in conflicts: their users are left as they are. */
  contested: ReadonlySet<string>;
  /** Rows without an address, and so without an account. */
  withoutAddress: number;
  /** People none of whose rows has an address; only the ledger may know one. */
  unaddressed: readonly Unaddressed[];
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
  /** A row that tells too little, or two things, of whether the person is there. */
  | { kind: "unclear"; email: string; personId: string; row: number; because: Unclear }
  /** The ledger knows the person's id under an address that is somebody else's by now: two people may share the id. */
  | { kind: "idOfAnother"; email: string; personId: string; row: number }
  /** A further active user of a leaver: access that the leaver keeps. */
  | { kind: "leaverElsewhere"; accountId: string; email: string; personId: string };

/** Whether a person should have access at the roster's time. `later`: from a day that is still to come. */
export type Presence = "present" | "left" | "later";

/**
 * Why nobody can tell whether a row's person is there. `statusMissing`: the cell of the status is empty, although others are
 * not, and no last day is over. `statusesDiffer`: one column of a status says so, and another one does not. `endedLongAgo`: the last day was more than a month ago, and the status says that the person is
 * there: the end may be that of an earlier employment.
 */
export type Unclear = "statusMissing" | "statusesDiffer" | "endedLongAgo";

const unclear: readonly string[] = ["statusMissing", "statusesDiffer", "endedLongAgo"] satisfies Unclear[];

export function isUnclear(presence: Presence | Unclear): presence is Unclear {
  return unclear.includes(presence);
}

/** A person before what is unclear is left out. */
interface Candidate extends Omit<RosterPerson, "presence"> {
  presence: Presence | Unclear;
}

export type Unaddressed = Omit<Candidate, "email" | "otherEmails">;

/** Merges rows into one entry per person, and one person per address. Rows that contradict each other become conflicts. */
export function mergeRows(
  rows: readonly NumberedRow[],
  presenceOf: (row: NumberedRow) => Presence | Unclear,
): MergedRoster {
  const { withAddress, unaddressed } = toPeople(rows, presenceOf);
  const byId = mergeAlike(withAddress, ({ personId }) => personId, mergeOnePerson);
  const byAddress = mergeAlike(underOwnAddress(byId.people), ({ email }) => email, mergeOneAddress);
  const known = separateUnclear(byAddress.people);
  return {
    people: known.people,
    conflicts: [...byId.conflicts, ...byAddress.conflicts, ...known.conflicts],
    contested: new Set([...byId.contested, ...byAddress.contested, ...known.contested]),
    withoutAddress: rows.reduce((sum, { email }) => (email === undefined ? sum + 1 : sum), 0),
    unaddressed,
    droppedTexts: rows.reduce((sum, { droppedTexts = 0 }) => sum + droppedTexts, 0),
  };
}

/** Leaves out the people of whom nobody can tell whether they are there: conflicts, and their addresses. */
export function separateUnclear(candidates: readonly Candidate[]) {
  const people: RosterPerson[] = [];
  const conflicts: Conflict[] = [];
  const contested: string[] = [];
  for (const person of candidates) {
    const { email, personId, number, presence } = person;
    if (isUnclear(presence)) {
      conflicts.push({ kind: "unclear", email, personId, row: number, because: presence });
      contested.push(...addressesOf(person));
    } else if (isClear(person)) people.push(person);
  }
  return { people, conflicts, contested };
}

/** No copy is made of it: a large company has many people. */
function isClear(person: Candidate): person is Candidate & RosterPerson {
  return !isUnclear(person.presence);
}

export function addressesOf({
  email,
  previousEmails,
  otherEmails,
}: Pick<Candidate, "email" | "previousEmails" | "otherEmails">): string[] {
  return [email, ...previousEmails, ...otherEmails];
}

/** One empty list for all. */
const none: readonly never[] = [];

/** A row without an address is about the person of the other rows with its id, under their address. */
function toPeople(
  rows: readonly NumberedRow[],
  presenceOf: (row: NumberedRow) => Presence | Unclear,
): { withAddress: Candidate[]; unaddressed: Unaddressed[] } {
  const silent = new Set<string>();
  for (const { email, personId } of rows) if (email === undefined) silent.add(personId);
  const addressOf = new Map<string, string>();
  for (const { email, personId } of rows)
    if (email !== undefined && silent.has(personId) && !addressOf.has(personId))
      addressOf.set(personId, email);
  const withAddress: Candidate[] = [];
  const withoutAddress: Candidate[] = [];
  for (const row of rows) {
    const { number, personId, previousEmails = none, role, licenseType, attributes, profile } = row;
    const email = row.email ?? addressOf.get(personId) ?? "";
    const presence = presenceOf(row);
    const otherEmails = none;
    (email === "" ? withoutAddress : withAddress).push({
      number,
      personId,
      email,
      previousEmails,
      otherEmails,
      presence,
      role,
      licenseType,
      attributes,
      profile,
    });
  }
  const { people } = mergeAlike(withoutAddress, ({ personId }) => personId, mergeOnePerson);
  return { withAddress, unaddressed: people.filter(({ presence }) => presence !== "later") };
}

type Merge = (same: readonly [Candidate, ...Candidate[]]) => Candidate | Conflict;

/** Nearly every key is of one person alone, who then needs no list. */
function mergeAlike(people: readonly Candidate[], keyOf: (person: Candidate) => string, merge: Merge) {
  const firsts = new Map<string, Candidate>();
  const further = new Map<string, Candidate[]>();
  for (const person of people) {
    const key = keyOf(person);
    if (!firsts.has(key)) firsts.set(key, person);
    else further.set(key, [...(further.get(key) ?? []), person]);
  }
  const merged: Candidate[] = [];
  const conflicts: Conflict[] = [];
  const contested: string[] = [];
  for (const [key, first] of firsts) {
    const others = further.get(key) ?? none;
    const result = others.length === 0 ? first : merge([first, ...others]);
    if ("presence" in result) {
      merged.push(result);
      continue;
    }
    conflicts.push(result);
    contested.push(...[first, ...others].flatMap(addressesOf));
  }
  return { people: merged, conflicts, contested };
}

/**
 * A person has several rows after a return, or with several jobs; one row with access is enough. The rows of leavers must
 * agree in attributes too: those of the first might choose an account without a user of theirs, and leave them one elsewhere.
 */
function mergeOnePerson(rows: readonly [Candidate, ...Candidate[]]): Candidate | Conflict {
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
function agree(a: Candidate, b: Candidate): boolean {
  const isInOneAccount = JSON.stringify(a.attributes) === JSON.stringify(b.attributes);
  switch (a.presence) {
    case "present":
      return isInOneAccount && a.email === b.email && a.role === b.role && a.licenseType === b.licenseType;
    case "left":
      return isInOneAccount;
    default:
      return true;
  }
}

/**
 * Puts a leaver whose address now belongs to somebody who is present under another of their own addresses, if there is one: they
 * may still have a user there. An earlier one counts too, unless it may be that of somebody who has not left.
 */
function underOwnAddress(people: readonly Candidate[]): readonly Candidate[] {
  const ofLeavers = new Set<string>();
  for (const { presence, email } of people) if (presence === "left") ofLeavers.add(email);
  const isTaken = people.some(({ presence, email }) => presence === "present" && ofLeavers.has(email));
  if (!isTaken) return people;
  const taken = new Set<string>();
  const ofOthers = new Set<string>();
  for (const person of people) {
    if (person.presence === "present") taken.add(person.email);
    if (person.presence !== "left") for (const address of addressesOf(person)) ofOthers.add(address);
  }
  return people.map((person) => {
    if (person.presence !== "left" || !taken.has(person.email)) return person;
    const other = person.otherEmails.filter((address) => !taken.has(address));
    const earlier = person.previousEmails.filter((address) => !ofOthers.has(address));
    const [email, ...otherEmails] = [...new Set([...other, ...earlier])];
    return email === undefined ? person : { ...person, email, otherEmails };
  });
}

/** Addresses pass from leavers to others, so an address belongs to the person who is present. */
function mergeOneAddress(people: readonly [Candidate, ...Candidate[]]): Candidate | Conflict {
  const present = people.filter(({ presence }) => presence === "present");
  if (present.length < 2) return mostPresent(people);
  return {
    kind: "addressTwice",
    email: mostPresent(people).email,
    personIds: present.map(({ personId }) => personId),
  };
}

/** A leaver who is to come back one day has no access until then. */
const order: readonly Candidate["presence"][] = [
  "present",
  "statusMissing",
  "statusesDiffer",
  "endedLongAgo",
  "left",
  "later",
];

function mostPresent(people: readonly [Candidate, ...Candidate[]]): Candidate {
  return people.reduce((a, b) => (order.indexOf(b.presence) < order.indexOf(a.presence) ? b : a));
}

/** HR may set the status some days after the last day; later than this, an end beside a present status is an earlier one. */
const statusLagDays = 31;

/**
 * Decides the presence of a row's person at a roster's time. A last day ends at its local midnight, and a hire date begins at
 * its own. The last day precedes the status, because HR may set the status earlier or later. A hire or rehire after the last
 * day precedes both: that last day is of an earlier employment.
 *
 * @param asOf milliseconds since the epoch
 */
export function presenceAt(
  asOf: number,
  zoneByDefault: string,
): (row: Omit<NumberedRow, "number" | "personId">) => Presence | Unclear {
  // Rows share dates, and finding the end of a day in a time zone is the costliest step of reading a roster.
  const knownEnds = new Map<string, number>();
  const endOf = (effectiveDate: string, timeZone: string): number => {
    const key = `${effectiveDate} ${timeZone}`;
    const known = knownEnds.get(key);
    if (known !== undefined) return known;
    const end = effectiveTime({ effectiveDate, timeZone }) ?? Number.POSITIVE_INFINITY;
    knownEnds.set(key, end);
    return end;
  };
  return ({ status, hireDate, rehireDate, lastDay, timeZone = zoneByDefault }) => {
    const begin = latest(hireDate, rehireDate);
    const isRehired = begin !== undefined && lastDay !== undefined && begin > lastDay;
    const end = lastDay === undefined || isRehired ? undefined : endOf(lastDay, timeZone);
    if (end !== undefined && end <= asOf) {
      const isLongAgo = end + statusLagDays * dayMilliseconds <= asOf;
      return status === "present" && isLongAgo ? "endedLongAgo" : "left";
    }
    if (begin !== undefined && endOf(dayBefore(begin), timeZone) > asOf) return "later";
    if (status === "missing") return "statusMissing";
    if (status === "differing") return "statusesDiffer";
    return status === "left" && end === undefined ? "left" : "present";
  };
}

/** Days of ISO 8601 are in the order of their texts. */
function latest(...days: (string | undefined)[]): string | undefined {
  return days
    .filter((day) => day !== undefined)
    .toSorted()
    .at(-1);
}

/** A day begins when the one before it ends. */
function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - dayMilliseconds).toISOString().slice(0, 10);
}
