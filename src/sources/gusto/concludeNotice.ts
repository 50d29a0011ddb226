import type { DetailType } from "../../events/hrEvent.ts";
import { endOfDay, noDate } from "../effectiveDay.ts";
import { type Conclusion, unusable } from "../reading.ts";
import { type SourceEventFields, tell } from "../sourceEvent.ts";
import type { GustoEmployee } from "./gustoEmployee.ts";
import type { GustoSettings } from "./gustoSettings.ts";

/**
 * - `planned`: an end that is to come, on a day that the look-up tells.
 * - `ended`: it has come.
 * - `back`: there is no end, or no more.
 */
type Meaning = "planned" | "ended" | "back";

/** What Gusto's types mean. A rehire counts when it takes effect, so one that is planned or cancelled says nothing. */
export const meanings: Readonly<Record<string, Meaning>> = {
  "employee.terminated": "planned",
  // Gusto's own pages spell it in both ways.
  "employee.termination_effective": "ended",
  "employee.terminated_effective": "ended",
  "employee.termination_cancelled": "back",
  "employee.rehire_effective": "back",
};

export interface GustoNotice {
  meaning: Meaning;
  eventId: string;
  employeeId: string;
  occurredAt: string;
}

/** A notice of Gusto and the employee that it is about, as our event. */
export function concludeNotice(
  notice: GustoNotice,
  employee: GustoEmployee,
  { timeZone }: GustoSettings,
): Conclusion {
  if (notice.meaning === "back") return toEvent("EmployeeReturned", notice, employee, {});
  const day = endOfDay(employee.lastDay, timeZone);
  if (day === undefined) return noDate("effective_date of the termination");
  // Without its day it would take effect at once.
  if (notice.meaning === "planned" && day.effectiveDate === undefined)
    return unusable("Gusto tells of an end and not on which day");
  return toEvent("EmployeeLeft", notice, employee, day);
}

function toEvent(
  type: DetailType,
  { eventId: id, employeeId: personId, occurredAt }: GustoNotice,
  { email }: GustoEmployee,
  more: SourceEventFields,
): Conclusion {
  if (email === undefined) return unusable("the employee has no work_email in Gusto");
  return tell({ type, source: "gusto", id, occurredAt, person: { personId, email }, more });
}
