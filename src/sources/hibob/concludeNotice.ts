import type { DetailType } from "../../events/hrEvent.ts";
import { endOfDay, noDate } from "../effectiveDay.ts";
import { type Conclusion, nothing, unusable } from "../reading.ts";
import { type SourceEventFields, tell } from "../sourceEvent.ts";
import { timeZoneOf } from "../webhooks/vendorSettings.ts";
import type { HiBobSettings } from "./hiBobSettings.ts";
import { type HiBobPerson, terminationDateField } from "./readPerson.ts";

/** The types that can change somebody's access. */
export const accessTypes = [
  "employee.joined",
  "employee.activated",
  "employee.left",
  "employee.inactivated",
  "employee.access.revoked.immediately",
  "employee.deleted",
] as const;

export interface HiBobNotice {
  type: (typeof accessTypes)[number];
  eventId: string;
  employeeId: string;
  occurredAt: string;
}

/** A notice of HiBob and the person that it is about, as our event. */
export function concludeNotice(
  notice: HiBobNotice,
  person: HiBobPerson,
  settings: HiBobSettings,
): Conclusion {
  switch (notice.type) {
    case "employee.joined":
      return toEvent("EmployeeHired", notice, person);
    case "employee.activated":
      return toEvent("EmployeeReturned", notice, person);
    case "employee.access.revoked.immediately":
      return toEvent("EmployeeLeft", notice, person, {
        urgency: "immediate",
        reason: "access revoked in HiBob",
      });
    case "employee.deleted":
      return toEvent("EmployeeLeft", notice, person, { reason: "deleted in HiBob" });
    case "employee.left":
    case "employee.inactivated":
      return ended(notice, person, settings);
  }
}

/** Both come for a leave as well as for the end of the employment: the lifecycle status tells which. */
function ended(notice: HiBobNotice, person: HiBobPerson, settings: HiBobSettings): Conclusion {
  const { statuses, terminationDate, location } = person;
  if (statuses.length === 0)
    return unusable("HiBob does not tell the lifecycle status: may the user read it?");
  const status = statuses.find((each) => settings.leaverStatuses.includes(each));
  if (status === undefined) return stillThere(notice, statuses);
  const day = isOnLeave(statuses) ? {} : endOfDay(terminationDate, timeZoneOf(location, settings));
  if (day === undefined) return noDate(terminationDateField);
  return toEvent("EmployeeLeft", notice, person, { reason: status, ...day });
}

/**
 * HiBob tells when the last day begins, and access ends with that day: so it is for every name of an end. Whoever is on leave
 * is not at work from its first moment. Garden leave has a termination date too, but it may be months ahead of the last day at
 * work: to end access some hours early is safer than to leave it for months to somebody who is gone.
 */
function isOnLeave(statuses: readonly string[]): boolean {
  return statuses.some((each) => leaves.includes(each));
}

const leaves = ["leave", "parental leave", "garden leave"];

/**
 * `employee.left` comes for an end and for garden leave only, so a status that is neither has a name of the company's own.
 * What is on leave has many names.
 */
function stillThere({ type }: HiBobNotice, statuses: readonly string[]): Conclusion {
  const isExplained = type !== "employee.left" || statuses.some((each) => workingStatuses.includes(each));
  if (isExplained) return nothing(`a status that keeps its access: ${statuses[0]}`);
  return unusable('somebody left HiBob with a lifecycle status that "leaverStatuses" does not name');
}

/** Of whoever is back already when the look-up comes, and garden leave, which the settings may leave alone. */
const workingStatuses = ["employed", "hired", "garden leave"];

/** With the role, a leaver's too, because the policy may exclude it. */
function toEvent(
  type: DetailType,
  { eventId: id, employeeId: personId, occurredAt }: HiBobNotice,
  { email, role }: HiBobPerson,
  fields: SourceEventFields = {},
): Conclusion {
  if (email === undefined) return unusable("the employee has no e-mail address in HiBob");
  return tell({
    type,
    source: "hibob",
    id,
    occurredAt,
    person: { personId, email },
    more: { role, ...fields },
  });
}
