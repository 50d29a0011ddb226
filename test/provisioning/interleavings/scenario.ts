import fc from "fast-check";
import type { EventEntry } from "../../../src/events/eventBus.ts";
import type { DetailType } from "../../../src/events/hrEvent.ts";
import type { Aspect, Intent } from "../../../src/pipelineSettings.ts";

/** The moment at which every run begins, in milliseconds since the epoch. */
export const beginning = Date.UTC(2026, 4, 14, 9);

/** The license that leavers are left with after a day of grace. HR names no such license. */
export const lowered = "Plus";
/** The license that joiners get with their access. HR names it in no change of license. */
export const joining = "ProTrial";
export const graceDays = 1;

/** Somebody in one of the two accounts. `absent`: the directory does not know them yet. */
export interface Person {
  personId: string;
  email: string;
  accountId: "team" | "lwa";
  status: "registered" | "suspended" | "absent";
}

/** What HR decided about a person. Times in milliseconds since the epoch. */
export interface HrDecision {
  id: string;
  personId: string;
  type: DetailType;
  intent: Intent;
  aspect: Aspect;
  occurredAt: number;
  /** Undefined: in effect at once. */
  effectiveAt: number | undefined;
  /** When the bus received its event first. */
  busTime: number;
  /** A leave of absence, which the policy ignores. */
  isOfAbsence: boolean;
  /** What a change of license asks for, or what a joiner gets with the access. */
  licenseType: string | undefined;
}

/** One copy of a decision's event in its queue; `receives` counts the deliveries that came to nothing before. */
interface Delivery {
  decision: HrDecision;
  receives: number;
}

/** How rough a run is. All but `staying` are shares, against 100 for an undisturbed step of somebody. */
interface Mood {
  /** How much likelier the worker that took the last step goes on than another. At 1 the steps alternate. */
  staying: number;
  kills: number;
  mishaps: number;
  time: number;
}

/** Choices are whole numbers from 0 up to this, itself not included. */
export const choiceEnd = 1 << 12;

/** Everything that a run depends on: the same scenario gives the same run. */
export interface Scenario {
  people: readonly Person[];
  decisions: readonly HrDecision[];
  deliveries: readonly Delivery[];
  mood: Mood;
  /** What the schedule chooses at each point, 0 being the undisturbed way. Once they are used up, faults stop. */
  choices: readonly number[];
}

/** The user id of whoever has this address: derived from the address, so that a test need not ask. */
export const userIdOf = (email: string) => `id-of-${email}`;

/** A scenario in lines: who there is, what HR decided, and in which order the events lie in their queues. */
export function describeScenario({ people, decisions, deliveries }: Scenario): string[] {
  return [
    ...people.map(({ personId, accountId, status }) => `${personId}, ${status} in account ${accountId}`),
    ...decisions.map(describeDecision),
    `sent in this order: ${deliveries.map(({ decision }) => decision.id).join(", ")}`,
  ];
}

function describeDecision(decision: HrDecision): string {
  const { id, type, personId, occurredAt, effectiveAt, busTime, licenseType, isOfAbsence } = decision;
  const named = isOfAbsence ? "leave of absence" : type;
  const what = licenseType === undefined ? named : `${type} to ${licenseType}`;
  const when = effectiveAt === undefined ? "" : `, in effect at ${timeOfDay(effectiveAt)}`;
  return `${id}: ${what} of ${personId}, decided at ${timeOfDay(occurredAt)}${when}, on the bus after ${(busTime - beginning) / 1000} s`;
}

function timeOfDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 16);
}

/** The event of a decision as it lies in a queue. */
export function eventBody(decision: HrDecision, { personId, email }: Person): string {
  const { id, type, occurredAt, effectiveAt, busTime, licenseType, isOfAbsence } = decision;
  return JSON.stringify({
    source: "rollcall.hr",
    "detail-type": type,
    time: iso(busTime),
    detail: {
      metadata: { id, schemaVersion: "1.0", occurredAt: iso(occurredAt) },
      data: {
        personId,
        email,
        ...(effectiveAt !== undefined && { effectiveAt: iso(effectiveAt) }),
        ...(isOfAbsence && { reason: "leaveOfAbsence" }),
        ...(type === "EmployeeRoleChanged"
          ? { role: roleOf[licenseType === "Pro" ? "Pro" : "Basic"] }
          : licenseType !== undefined && { licenseType }),
      },
    },
  });
}

/** What the bus makes of an entry, and the id of the event in it. */
export function bodyOfEntry({ source, detailType, detail }: EventEntry): { id: string; body: string } {
  const event = JSON.parse(detail) as { metadata: { id: string } };
  return {
    id: event.metadata.id,
    body: JSON.stringify({ source, "detail-type": detailType, detail: event }),
  };
}

/** The policy's answer to a role, turned round. */
export const roleOf = { Basic: "clerk", Pro: "engineer" } as const;

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

const minute = 60_000;
const mostChoices = 260;

const kinds = {
  EmployeeHired: { intent: "onboard", aspect: "access" },
  EmployeeLeft: { intent: "offboard", aspect: "access" },
  EmployeeReturned: { intent: "reinstate", aspect: "access" },
  LicenseChanged: { intent: "relicense", aspect: "license" },
  EmployeeRoleChanged: { intent: "relicense", aspect: "license" },
} as const satisfies Record<DetailType, unknown>;

const anyCopy = fc.record({ place: fc.nat(99), receives: fc.constantFrom(0, 0, 0, 5) });

const anyDecision = fc.record({
  type: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom<DetailType>("EmployeeLeft", "EmployeeReturned", "EmployeeHired"),
    },
    { weight: 1, arbitrary: fc.constantFrom<DetailType>("LicenseChanged", "EmployeeRoleChanged") },
  ),
  minutesAgo: fc.nat(3),
  secondsToTheBus: fc.constantFrom(1, 1, 2),
  minutesAhead: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 0, 3, 6, 9),
  isOnLeave: fc.constantFrom(false, false, false, false, false, true),
  licenseType: fc.constantFrom("Basic", "Pro"),
  isJoinedWithLicense: fc.boolean(),
  copies: fc.array(anyCopy, { minLength: 1, maxLength: 2 }),
});

const anyPerson = fc.record({
  accountId: fc.constantFrom("team" as const, "lwa" as const),
  status: fc.constantFrom(
    "registered" as const,
    "registered" as const,
    "suspended" as const,
    "absent" as const,
  ),
  decisions: fc.array(anyDecision, { minLength: 1, maxLength: 4, size: "max" }),
});

const anyMood: fc.Arbitrary<Mood> = fc.record({
  staying: fc.constantFrom(1, 8, 40),
  kills: fc.constantFrom(0, 1, 4),
  mishaps: fc.constantFrom(0, 4, 15),
  time: fc.constantFrom(1, 4, 12),
});

/** A few people, several decisions about each, their events in any order and some of them twice, and a schedule. */
export const anyScenario: fc.Arbitrary<Scenario> = fc
  .record({
    persons: fc.array(anyPerson, { minLength: 1, maxLength: 2 }),
    mood: anyMood,
    choices: fc.array(fc.noBias(fc.nat(choiceEnd - 1)), { maxLength: mostChoices, size: "max" }),
  })
  .map(({ persons, mood, choices }) => {
    const people = persons.map(toPerson);
    const decided = persons.flatMap(({ decisions }, index) =>
      decisions.map((decision) => ({ decision, person: people[index] })),
    );
    const deliveries: (Delivery & { place: number })[] = [];
    const decisions: HrDecision[] = [];
    for (const [index, { decision, person }] of decided.entries()) {
      const made = toDecision(decision, person?.personId ?? "", `e${index + 1}`);
      decisions.push(made);
      for (const { place, receives } of decision.copies) deliveries.push({ decision: made, receives, place });
    }
    deliveries.sort((a, b) => a.place - b.place);
    // fast-check shortens a list from its front: turned round, the end of a failing schedule goes first.
    return printable({ people, decisions, deliveries, mood, choices: choices.toReversed() });
  });

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

function toPerson({ accountId, status }: Drawn<typeof anyPerson>, index: number): Person {
  const personId = ["ada", "bob"][index] ?? `person-${index}`;
  return { personId, email: `${personId}@${accountId}.example`, accountId, status };
}

function toDecision(drawn: Drawn<typeof anyDecision>, personId: string, id: string): HrDecision {
  const { type, minutesAgo, minutesAhead, secondsToTheBus, licenseType, isJoinedWithLicense } = drawn;
  const isOfAbsence = type === "EmployeeLeft" && drawn.isOnLeave;
  const { intent, aspect } = kinds[type];
  const effectiveAt = minutesAhead === undefined ? undefined : beginning + minutesAhead * minute;
  const ofJoiner = isJoinedWithLicense && type !== "EmployeeLeft" ? joining : undefined;
  const license = aspect === "license" ? licenseType : ofJoiner;
  const occurredAt = beginning - minutesAgo * minute;
  const busTime = beginning + secondsToTheBus * 1000;
  const times = { occurredAt, effectiveAt, busTime };
  return { id, personId, type, intent, aspect, ...times, isOfAbsence, licenseType: license };
}

/** The history of a failing run holds all that a reader wants to know; the numbers are for fast-check. */
function printable(scenario: Scenario): Scenario {
  const text = `${scenario.decisions.length} decisions, ${scenario.choices.length} choices`;
  return Object.defineProperty(scenario, fc.toStringMethod, { value: () => text });
}
