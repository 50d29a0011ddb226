import * as z from "zod";
import { notAsDocumented } from "../notAsDocumented.ts";
import type { Reading } from "../reading.ts";
import { stableId } from "../stableId.ts";
import { toInstant } from "../vendorTime.ts";
import type { BambooHrSettings } from "./bambooHrSettings.ts";
import { concludeEmployee } from "./concludeEmployee.ts";
import { changeFinder, valueFinder } from "./employee.ts";

const record = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  action: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["created", "updated", "deleted"])),
  timestamp: z.union([z.string(), z.number()]).transform(toInstant).pipe(z.string()),
  changedFields: z.array(z.string()).default([]),
  fields: z.record(z.string(), z.unknown()).default({}),
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
    return concludeEmployee(
      {
        ...data,
        // There is no event id.
        eventId: stableId("bamboohr", employee),
        occurredAt: data.timestamp,
        hasChanged: changeFinder(data.changedFields, settings.fields),
        valueOf: valueFinder(data.fields, settings.fields),
      },
      settings,
    );
  });
}
