import * as z from "zod";
import { boundedList } from "../../events/boundedList.ts";
import { notAsDocumented } from "../notAsDocumented.ts";
import { nothing, type Reading } from "../reading.ts";
import { stableId } from "../stableId.ts";
import { toInstant } from "../vendorTime.ts";
import type { BambooHrSettings } from "./bambooHrSettings.ts";
import { concludeEmployee } from "./concludeEmployee.ts";
import { changeFinder, valueFinder } from "./employee.ts";
import { employeeId, lookUpEmployee, type NamedEmployee } from "./lookUpEmployee.ts";

/** Whoever writes JSON with PHP writes an empty object as an empty list. */
const fields = z.union([z.record(z.string(), z.unknown()), z.tuple([]).transform(() => ({}))]);

const record = z.object({
  id: employeeId,
  action: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["created", "updated", "deleted"])),
  timestamp: z.union([z.string(), z.number()]).transform(toInstant).pipe(z.string()),
  changedFields: boundedList(z.string()).optional(),
  fields: fields.default({}),
});

export const fieldBased = z.object({ employees: z.array(z.unknown()) });

/** A field-based webhook: up to many employees, each with the fields that the administrator chose. */
export function readFieldBased(
  { employees }: z.output<typeof fieldBased>,
  settings: BambooHrSettings,
): Reading[] {
  return employees.map((employee) => {
    const { data, error } = record.safeParse(employee);
    if (error !== undefined) return notAsDocumented("an employee", error);
    const named: NamedEmployee = {
      id: data.id,
      action: data.action,
      // There is no event id.
      eventId: stableId("bamboohr", employee),
      occurredAt: data.timestamp,
      hasChanged: changeFinder(data.changedFields, settings.fields),
    };
    if (data.action === "created" && Object.keys(data.fields).length === 0) return newcomer(named, settings);
    return concludeEmployee({ ...named, valueOf: valueFinder(data.fields, settings.fields) }, settings);
  });
}

/** BambooHR sends no fields with a new employee, whichever the administrator chose. */
function newcomer(employee: NamedEmployee, settings: BambooHrSettings): Reading {
  return settings.api === undefined
    ? nothing('created, and no fields are sent: with "api" in the parameter it would be looked up')
    : lookUpEmployee(employee, settings.api, settings);
}
