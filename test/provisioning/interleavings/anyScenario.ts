import fc from "fast-check";
import type { DetailType } from "../../../src/events/hrEvent.ts";
import {
  beginning,
  choiceEnd,
  type Delivery,
  type HrDecision,
  type Mood,
  type Person,
  type Scenario,
} from "./scenario.ts";

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
  minutesAhead: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 0, 3),
  licenseType: fc.constantFrom("Basic" as const, "Pro" as const),
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
  const { type, minutesAgo, minutesAhead, licenseType } = drawn;
  const { intent, aspect } = kinds[type];
  const effectiveAt = minutesAhead === undefined ? undefined : beginning + minutesAhead * minute;
  const license = aspect === "license" ? licenseType : undefined;
  const occurredAt = beginning - minutesAgo * minute;
  return { id, personId, type, intent, aspect, occurredAt, effectiveAt, licenseType: license };
}

/** The story that a failing run tells holds all that a reader wants to know; the numbers are for fast-check. */
function printable(scenario: Scenario): Scenario {
  const text = `${scenario.decisions.length} decisions, ${scenario.choices.length} choices`;
  return Object.defineProperty(scenario, fc.toStringMethod, { value: () => text });
}
