import * as z from "zod";
import { nothing, type Question, type Reading, unusable } from "../reading.ts";
import { stableId } from "../stableId.ts";
import { toInstant } from "../vendorTime.ts";
import type { BambooHrSettings } from "./bambooHrSettings.ts";
import { concludeEmployee } from "./concludeEmployee.ts";
import { changeFinder, valueFinder } from "./employee.ts";

export const thin = z.object({
  type: z.string(),
  timestamp: z.union([z.string(), z.number()]).transform(toInstant).pipe(z.string()),
  data: z.object({
    companyId: z.union([z.string(), z.number()]).optional(),
    // It becomes part of an address.
    employeeId: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^[\w-]{1,64}$/)),
    changedFields: z.array(z.string()).default([]),
  }),
});

const actions = {
  "employee.created": "created",
  "employee.updated": "updated",
  "employee.deleted": "deleted",
} as const;

const answered = z.record(z.string(), z.unknown());

/** A thin webhook: who, and which fields, but not what stands in them now. */
export function readThin(notice: z.output<typeof thin>, settings: BambooHrSettings): Reading {
  const { type, timestamp: occurredAt, data } = notice;
  if (!isKnown(type)) return nothing("of a type that says nothing about access");
  if (settings.api === undefined)
    return unusable('a thin webhook needs "api" in the parameter, to look up who it is');
  const { employeeId, changedFields } = data;
  const hasChanged = changeFinder(changedFields, settings.fields);
  return {
    kind: "lookUp",
    question: questionFor(employeeId, settings.api),
    conclude: (answer) => {
      const fields = answered.safeParse(answer);
      if (!fields.success) return unusable("BambooHR's answer is no object");
      return concludeEmployee(
        {
          id: employeeId,
          eventId: stableId("bamboohr", [type, occurredAt, data]),
          action: actions[type],
          occurredAt,
          hasChanged,
          valueOf: valueFinder(fields.data, settings.fields),
        },
        settings,
      );
    },
  };
}

function isKnown(type: string): type is keyof typeof actions {
  return Object.hasOwn(actions, type);
}

/** https://documentation.bamboohr.com/reference/get-employee */
function questionFor(employeeId: string, { url, key }: NonNullable<BambooHrSettings["api"]>): Question {
  const fields = "status,workEmail,jobTitle,hireDate,terminationDate,location";
  return {
    method: "GET",
    url: `${url}/api/v1/employees/${employeeId}?fields=${fields}`,
    headers: { accept: "application/json", authorization: `Basic ${btoa(`${key}:x`)}` },
  };
}
