import type { Cast } from "./cast.ts";
import { type Draft, HOUR_SECONDS } from "./draft.ts";
import type { SeededRandom } from "./seededRandom.ts";

const roles = ["engineer", "sales", "contractor"] as const;

/** What most of the day consists of: one event each for many people, enough to fill whole batch calls. */
export function ordinaryEvents(team: Cast, lwa: Cast, random: SeededRandom): Draft[] {
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

type Untimed = Omit<Draft, "second">;

function many(count: number, draft: () => Untimed): Untimed[] {
  return Array.from({ length: count }, draft);
}

/** A few leave in a hurry, or left a while ago already. */
function leaving(random: SeededRandom): Record<string, unknown> {
  const kind = random.integer(1, 30);
  if (kind === 1) return { urgency: "immediate", reason: "dismissal" };
  if (kind === 2) return { effectiveAt: "2026-05-13T18:00:00+02:00" };
  if (kind === 3) return { effectiveDate: "2026-05-12", timeZone: "Europe/Berlin" };
  return random.integer(1, 3) === 1
    ? { reason: random.pick(["resignation", "retirement", "end of contract"]) }
    : {};
}

/** One in six asks for the license that the person has already. */
function relicensed({ account, registered }: Cast, random: SeededRandom): Untimed {
  const person = registered();
  const others = account.supportedLicenses.filter((license) => license !== person.licenseType);
  const wanted = random.integer(1, 6) === 1 ? person.licenseType : random.shuffle(others)[0];
  return { type: "LicenseChanged", person, data: { licenseType: wanted ?? account.defaultLicense } };
}

/** Decided in the working hours of sites around the world; one in twenty arrives late, after newer ones. */
function timed(draft: Untimed, random: SeededRandom): Draft {
  const second = random.integer(5 * HOUR_SECONDS, 20 * HOUR_SECONDS);
  const isLate = random.integer(1, 20) === 1;
  const lateSeconds = isLate ? random.integer(HOUR_SECONDS / 2, 3 * HOUR_SECONDS) : 0;
  const namesUserId = random.integer(1, 8) === 1;
  return { ...draft, second, lateSeconds, namesUserId };
}
