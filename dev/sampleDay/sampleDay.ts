import { sampleAccounts, scimSampleAccount } from "./sampleAccounts.ts";
import { type Arrival, HOUR_SECONDS, type PeoplePool, peoplePool, toArrivals } from "./sampleDraft.ts";
import { eventPairs, ordinaryEvents, scimEvents, unusualEvents } from "./sampleEvents.ts";
import { type SeededRandom, seededRandom } from "./seededRandom.ts";

/**
 * One day of HR events as JSON lines for `rollcall publish`, in the order of arrival: a few hundred events for the accounts
 * of `sampleAccounts.ts`, with duplicates, late and malformed events as in a real feed.
 */
export function sampleDay(): string[] {
  const random = seededRandom(SEED);
  const team = peoplePool(sampleAccounts.team, random);
  const lwa = peoplePool(sampleAccounts.lwa, random);
  const drafts = [
    ...ordinaryEvents(team, lwa, random),
    ...eventPairs(team, lwa, random),
    ...unusualEvents(team, lwa),
  ];
  const arrivals = toArrivals(drafts, "hr-20260514-", random);
  const atChime = [...arrivals, ...duplicates(arrivals, random, DUPLICATES), ...malformedEvents(team)];
  return [...atChime, ...scimArrivals()]
    .sort((a, b) => a.second - b.second)
    .map(({ event }) => JSON.stringify(event));
}

/** The date of the day, as the seed: the day is the same everywhere. */
const SEED = 20260514;
const DUPLICATES = 52;

/** The events of the account at a SCIM target. They have draws of their own, so the others are the same without them. */
function scimArrivals(): Arrival[] {
  const random = seededRandom(SEED + 1);
  const drafts = scimEvents(peoplePool(scimSampleAccount, random), random);
  const arrivals = toArrivals(drafts, "hr-20260514-S", random);
  return [...arrivals, ...duplicates(arrivals, random, SCIM_DUPLICATES)];
}

const SCIM_DUPLICATES = 4;

/** Events that arrive a second time: mostly at once, as after a retry, and sometimes hours later, as after a replay. */
function duplicates(arrivals: readonly Arrival[], random: SeededRandom, count: number): Arrival[] {
  return random
    .shuffle(arrivals)
    .slice(0, count)
    .map(({ second, event }, index) => {
      const gap =
        index % 4 === 0 ? random.integer(3 * HOUR_SECONDS, 9 * HOUR_SECONDS) : random.integer(1, 90);
      return { second: second + gap, event };
    });
}

/**
 * Five events of a faulty producer. They are JSON with a known detail-type, so the bus accepts them and the rules match.
 * Each breaks its schema in another way, so the service has to reject it.
 */
function malformedEvents(team: PeoplePool): Arrival[] {
  const metadata = (number: number) => ({
    id: `hr-20260514-bad-${number}`,
    schemaVersion: "1.0",
    occurredAt: `2026-05-14T0${number + 4}:30:00Z`,
  });
  const { personId, email } = team.registered();
  const details = [
    ["EmployeeLeft", { metadata: metadata(1), data: { email } }],
    ["EmployeeHired", { metadata: metadata(2), data: { personId, email: email.replace("@", ".") } }],
    ["EmployeeLeft", { metadata: { ...metadata(3), occurredAt: "yesterday" }, data: { personId, email } }],
    ["LicenseChanged", { metadata: metadata(4), data: { personId, email, licenseType: 3 } }],
    ["EmployeeReturned", { metadata: metadata(5) }],
  ] as const;
  return details.map(([type, detail], index) => ({
    second: (index + 5.5) * HOUR_SECONDS,
    event: { "detail-type": type, detail },
  }));
}
