import { sampleAccounts, sampleUser } from "./sampleAccounts.ts";
import { type Draft, HOUR_SECONDS, type PeoplePool, type SamplePerson } from "./sampleDraft.ts";
import type { SeededRandom } from "./seededRandom.ts";

const roles = ["engineer", "sales", "contractor"] as const;

/** The bulk of the day: one event each for many people, enough to fill whole batch calls. */
export function ordinaryEvents(team: PeoplePool, lwa: PeoplePool, random: SeededRandom): Draft[] {
  return [
    ...many(130, () => ({ type: "EmployeeLeft", person: team.registered(), data: leaving(random) })),
    ...many(78, () => ({ type: "EmployeeLeft", person: lwa.registered(), data: leaving(random) })),
    ...many(2, () => ({ type: "EmployeeLeft", person: lwa.suspended() })),
    ...many(44, () => ({
      type: "EmployeeHired",
      person: team.newcomer(),
      data: { role: random.pick(roles) },
    })),
    ...many(6, () => ({ type: "EmployeeHired", person: lwa.suspended(), data: { role: "engineer" } })),
    ...many(3, () => ({ type: "EmployeeHired", person: lwa.newcomer() })),
    ...many(25, () => ({ type: "EmployeeReturned", person: team.suspended() })),
    ...many(30, () => ({ type: "EmployeeReturned", person: lwa.suspended() })),
    ...many(40, () => relicensed(team, random)),
    ...many(25, () => relicensed(lwa, random)),
    ...many(20, () => ({
      type: "EmployeeRoleChanged",
      person: team.registered(),
      data: { role: random.pick(roles) },
    })),
    ...many(10, () => ({
      type: "EmployeeRoleChanged",
      person: lwa.registered(),
      data: { role: random.pick(roles) },
    })),
  ].map((draft) => timed(draft, random));
}

/** The same for an account at a SCIM target, where a hire is created and needs no invitation. */
export function scimEvents(pool: PeoplePool, random: SeededRandom): Draft[] {
  const unknown = { personId: "P-X0006", email: `never.registered6@${pool.account.domain}` };
  return [
    ...many(15, () => ({ type: "EmployeeLeft", person: pool.registered(), data: leaving(random) })),
    ...many(6, () => ({
      type: "EmployeeHired",
      person: pool.newcomer(),
      data: { role: random.pick(roles) },
    })),
    ...many(6, () => ({ type: "EmployeeReturned", person: pool.suspended() })),
    ...many(6, () => relicensed(pool, random)),
    ...many(2, () => ({
      type: "EmployeeRoleChanged",
      person: pool.registered(),
      data: { role: random.pick(roles) },
    })),
    ...many(1, () => ({ type: "EmployeeLeft", person: unknown })),
  ].map((draft) => timed(draft, random));
}

type Untimed = Omit<Draft, "second">;

function many(count: number, draft: () => Untimed): Untimed[] {
  return Array.from({ length: count }, draft);
}

/** A few leave at once, or left some days ago. */
function leaving(random: SeededRandom): Record<string, unknown> {
  const kind = random.integer(1, 30);
  if (kind === 1) return { urgency: "immediate", reason: "dismissal" };
  if (kind === 2) return { effectiveAt: "2026-05-13T18:00:00+02:00" };
  if (kind === 3) return { effectiveDate: "2026-05-12", timeZone: "Europe/Berlin" };
  return random.integer(1, 3) === 1
    ? { reason: random.pick(["resignation", "retirement", "end of contract"]) }
    : {};
}

/** One in six events asks for the license that the person has already. */
function relicensed({ account, registered }: PeoplePool, random: SeededRandom): Untimed {
  const person = registered();
  const others = account.supportedLicenses.filter((license) => license !== person.licenseType);
  const wanted = random.integer(1, 6) === 1 ? person.licenseType : random.shuffle(others)[0];
  return { type: "LicenseChanged", person, data: { licenseType: wanted ?? account.defaultLicense } };
}

/** Decisions fall in the working hours of sites around the world. One in twenty arrives late, after newer ones. */
function timed(draft: Untimed, random: SeededRandom): Draft {
  const second = random.integer(5 * HOUR_SECONDS, 20 * HOUR_SECONDS);
  const isLate = random.integer(1, 20) === 1;
  const lateSeconds = isLate ? random.integer(HOUR_SECONDS / 2, 3 * HOUR_SECONDS) : 0;
  const namesUserId = random.integer(1, 8) === 1;
  return { ...draft, second, lateSeconds, namesUserId };
}

/** Pairs of events about one person. In every second pair the older event arrives last. */
export function eventPairs(team: PeoplePool, lwa: PeoplePool, random: SeededRandom): Draft[] {
  const pairs = [
    ...Array.from({ length: 4 }, () => leftAndReturned(lwa.registered())),
    ...Array.from({ length: 3 }, () => leftAndReturned(team.registered())),
    ...Array.from({ length: 3 }, () => hiredAndLeft(team.newcomer())),
    ...Array.from({ length: 5 }, () => relicensedTwice(team.registered())),
    ...Array.from({ length: 4 }, () => promotedAndRelicensed(team.registered())),
  ];
  return pairs.flatMap(([first, second], index) => {
    const start = random.integer(6 * HOUR_SECONDS, 11 * HOUR_SECONDS);
    const gap = random.integer(HOUR_SECONDS, 4 * HOUR_SECONDS);
    const lateSeconds = index % 2 === 0 ? 0 : gap + random.integer(60, HOUR_SECONDS);
    return [
      { ...first, second: start, lateSeconds },
      { ...second, second: start + gap },
    ];
  });
}

type EventOfPair = Omit<Draft, "second">;
type EventPair = readonly [first: EventOfPair, second: EventOfPair];

function leftAndReturned(person: SamplePerson): EventPair {
  return [
    { type: "EmployeeLeft", person, data: { reason: "entered by mistake" } },
    { type: "EmployeeReturned", person },
  ];
}

function hiredAndLeft(person: SamplePerson): EventPair {
  return [
    { type: "EmployeeHired", person, data: { role: "contractor" } },
    { type: "EmployeeLeft", person, data: { urgency: "immediate", reason: "did not start" } },
  ];
}

function relicensedTwice(person: SamplePerson): EventPair {
  return [
    { type: "LicenseChanged", person, data: { licenseType: "Plus" } },
    { type: "LicenseChanged", person, data: { licenseType: "Pro" } },
  ];
}

function promotedAndRelicensed(person: SamplePerson): EventPair {
  return [
    { type: "EmployeeRoleChanged", person, data: { role: "sales" } },
    { type: "LicenseChanged", person, data: { licenseType: "Basic" } },
  ];
}

/** Valid events of a kind that real feeds contain and not every consumer expects. */
export function unusualEvents(team: PeoplePool, lwa: PeoplePool): Draft[] {
  const untimed = [
    ...unknownPeople(),
    ...unsupportedLicenses(team, lwa),
    ...outOfScope(),
    ...oddData(team, lwa),
  ];
  return untimed.map((draft, index) => ({ ...draft, second: 8 * HOUR_SECONDS + index * 1500 }));
}

type UnusualEvent = Omit<Draft, "second">;

/** People whom HR knows and no directory has. */
function unknownPeople(): UnusualEvent[] {
  const unknown = (number: number, domain: string) => ({
    personId: `P-X000${number}`,
    email: `never.registered${number}@${domain}`,
  });
  return [
    { type: "EmployeeLeft", person: unknown(1, "example.com") },
    { type: "EmployeeLeft", person: unknown(2, "example.com") },
    { type: "EmployeeLeft", person: unknown(3, "example.org") },
    { type: "LicenseChanged", person: unknown(4, "example.com"), data: { licenseType: "Pro" } },
    { type: "LicenseChanged", person: unknown(5, "example.org"), data: { licenseType: "Basic" } },
  ];
}

function unsupportedLicenses(team: PeoplePool, lwa: PeoplePool): UnusualEvent[] {
  const data = { licenseType: "ProTrial" };
  return [
    { type: "LicenseChanged", person: team.registered(), data },
    { type: "LicenseChanged", person: lwa.registered(), data },
  ];
}

/** An account whose access is managed in its own directory, and a domain that belongs to no account. */
function outOfScope(): UnusualEvent[] {
  return [
    { type: "EmployeeLeft", person: sampleUser(sampleAccounts.directory, 3) },
    { type: "EmployeeLeft", person: { personId: "P-V0001", email: "visitor@partner.test" } },
  ];
}

/** Unknown fields, an address in another case, and a changed address. */
function oddData(team: PeoplePool, lwa: PeoplePool): UnusualEvent[] {
  const recased = team.registered();
  const renamed = team.registered();
  return [
    {
      type: "EmployeeLeft",
      person: lwa.registered(),
      unknownFields: { costCentre: 4711, manager: { level: 3 } },
    },
    { type: "EmployeeLeft", person: { ...recased, email: recased.email.replace(/^p|example/g, capitalise) } },
    {
      type: "LicenseChanged",
      person: { personId: renamed.personId, email: `lin.marsh@${team.account.domain}` },
      data: { previousEmails: [renamed.email], licenseType: "Pro" },
    },
  ];
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
