import type { DetailType } from "../../events/hrEvent.ts";
import { endOfDay, noDate, startOfDay } from "../effectiveDay.ts";
import { type Conclusion, nothing, unusable } from "../reading.ts";
import { type SourceEventFields, tell } from "../sourceEvent.ts";
import { timeZoneOf } from "../webhooks/vendorSettings.ts";
import type { BambooHrSettings } from "./bambooHrSettings.ts";
import type { Employee } from "./employee.ts";

/** An employee's change as our event. BambooHR has no word for leaving: whoever becomes inactive has left. */
export function concludeEmployee(employee: Employee, settings: BambooHrSettings): Conclusion {
  switch (employee.action) {
    case "deleted":
      return leaver(employee, { reason: "deleted in BambooHR" });
    case "created":
      return created(employee, settings);
    case "updated":
      return updated(employee, settings);
  }
}

function created(employee: Employee, settings: BambooHrSettings): Conclusion {
  if (statusOf(employee) === "inactive") return nothing("created as inactive");
  // Common before the first day, and no fault: there is nobody to invite yet.
  if (employee.valueOf("email") === undefined) return nothing("created without a work address");
  const day = startOfDay(employee.valueOf("hireDate"), zoneOf(employee, settings));
  if (day === undefined) return noDate("Hire Date");
  return toEvent("EmployeeHired", employee, day);
}

function updated(employee: Employee, settings: BambooHrSettings): Conclusion {
  const { hasChanged } = employee;
  if (hasChanged === undefined) return unusable("an update does not say which fields have changed");
  // Not only where it has changed: under a new name that nobody told us, its change would look like any other's.
  if (employee.valueOf("status") === undefined)
    return unusable(
      'the field "status" (Status) is empty or not sent; if it has another name, say it in "fields"',
    );
  if (hasChanged("status")) return statusChanged(employee, settings);
  if (!hasChanged("role")) return nothing("neither the status nor the role has changed");
  // Its license must not come before its hire, nor after its end.
  if (employee.valueOf("role") === undefined || statusOf(employee) === "inactive")
    return nothing("no role to give a license by");
  return toEvent("EmployeeRoleChanged", employee);
}

function statusChanged(employee: Employee, settings: BambooHrSettings): Conclusion {
  switch (statusOf(employee)) {
    case "active":
      return toEvent("EmployeeReturned", employee);
    case "inactive": {
      const day = endOfDay(employee.valueOf("terminationDate"), zoneOf(employee, settings));
      return day === undefined ? noDate("Termination Date") : leaver(employee, day);
    }
    case undefined:
      return unusable('the status has changed, and the field "status" is neither Active nor Inactive');
  }
}

function leaver(employee: Employee, fields: SourceEventFields): Conclusion {
  return toEvent("EmployeeLeft", employee, fields);
}

/** With the role, a leaver's too, because the policy may exclude it. */
function toEvent(type: DetailType, employee: Employee, fields: SourceEventFields = {}): Conclusion {
  const { id: personId, eventId, occurredAt } = employee;
  const email = employee.valueOf("email");
  if (email === undefined) return unusable('the field "email" (Work Email) is empty or not sent');
  const more = { role: employee.valueOf("role"), ...fields };
  return tell({ type, source: "bamboohr", id: eventId, occurredAt, person: { personId, email }, more });
}

/** `Inactive` in the field Status, `Terminated` in the employment status. */
function statusOf(employee: Employee): "active" | "inactive" | undefined {
  const status = employee.valueOf("status") ?? "";
  if (/^active$/i.test(status)) return "active";
  return /^(inactive|terminated)$/i.test(status) ? "inactive" : undefined;
}

function zoneOf(employee: Employee, settings: BambooHrSettings): string {
  return timeZoneOf(employee.valueOf("location"), settings);
}
