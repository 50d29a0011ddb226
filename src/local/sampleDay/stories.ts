import type { Cast, Person } from "./cast.ts";
import { type Draft, HOUR_SECONDS } from "./draft.ts";
import type { SeededRandom } from "./seededRandom.ts";

/** People of whom more than one event tells. In every second story the older event arrives last. */
export function stories(team: Cast, lwa: Cast, random: SeededRandom): Draft[] {
  const tellings = [
    ...Array.from({ length: 4 }, () => leftAndReturned(lwa.registered())),
    ...Array.from({ length: 3 }, () => leftAndReturned(team.registered())),
    ...Array.from({ length: 3 }, () => hiredAndLeft(team.newcomer())),
    ...Array.from({ length: 5 }, () => relicensedTwice(team.registered())),
    ...Array.from({ length: 4 }, () => promotedAndRelicensed(team.registered())),
  ];
  return tellings.flatMap(([first, second], index) => {
    const start = random.integer(6 * HOUR_SECONDS, 11 * HOUR_SECONDS);
    const gap = random.integer(HOUR_SECONDS, 4 * HOUR_SECONDS);
    const lateSeconds = index % 2 === 0 ? 0 : gap + random.integer(60, HOUR_SECONDS);
    return [
      { ...first, second: start, lateSeconds },
      { ...second, second: start + gap },
    ];
  });
}

type Beat = Omit<Draft, "second">;
type Telling = readonly [first: Beat, second: Beat];

function leftAndReturned(person: Person): Telling {
  return [
    { type: "EmployeeLeft", person, data: { reason: "entered by mistake" } },
    { type: "EmployeeReturned", person },
  ];
}

function hiredAndLeft(person: Person): Telling {
  return [
    { type: "EmployeeHired", person, data: { role: "contractor" } },
    { type: "EmployeeLeft", person, data: { urgency: "immediate", reason: "did not start" } },
  ];
}

function relicensedTwice(person: Person): Telling {
  return [
    { type: "LicenseChanged", person, data: { licenseType: "Plus" } },
    { type: "LicenseChanged", person, data: { licenseType: "Pro" } },
  ];
}

function promotedAndRelicensed(person: Person): Telling {
  return [
    { type: "EmployeeRoleChanged", person, data: { role: "sales" } },
    { type: "LicenseChanged", person, data: { licenseType: "Basic" } },
  ];
}
