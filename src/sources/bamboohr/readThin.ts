import * as z from "zod";
import { boundedList } from "../../events/boundedList.ts";
import { nothing, type Reading, unusable } from "../reading.ts";
import { stableId } from "../stableId.ts";
import { toInstant } from "../vendorTime.ts";
import { apiFieldNames, type BambooHrSettings } from "./bambooHrSettings.ts";
import { changeFinder } from "./employee.ts";
import { employeeId, lookUpEmployee } from "./lookUpEmployee.ts";

export const thin = z.object({
  type: z.string(),
  timestamp: z.union([z.string(), z.number()]).transform(toInstant).pipe(z.string()),
  data: z.object({
    companyId: z.union([z.string(), z.number()]).optional(),
    employeeId,
    changedFields: boundedList(z.string()).optional(),
  }),
});

const actions = {
  "employee.created": "created",
  "employee.updated": "updated",
  "employee.deleted": "deleted",
} as const;

/** A thin webhook, which BambooHR calls event-based: who, and which fields, but not what stands in them now. */
export function readThin(notice: z.output<typeof thin>, settings: BambooHrSettings): Reading {
  const { type, timestamp: occurredAt, data } = notice;
  if (!isKnown(type)) return nothing("of a type that says nothing about access");
  if (settings.api === undefined)
    return unusable('a thin webhook needs "api" in the parameter, to look up who it is');
  const { employeeId: id, changedFields } = data;
  const employee = {
    id,
    eventId: stableId("bamboohr", [type, occurredAt, data]),
    action: actions[type],
    occurredAt,
    hasChanged: changeFinder(changedFields, eitherName(settings.fields)),
  };
  return lookUpEmployee(employee, settings.api, settings);
}

function isKnown(type: string): type is keyof typeof actions {
  return Object.hasOwn(actions, type);
}

/** What has changed may be told by the API's names though the settings know others: no change of the status may be missed. */
function eitherName(fields: BambooHrSettings["fields"]): BambooHrSettings["fields"] {
  return {
    ...fields,
    status: [...fields.status, ...apiFieldNames.status],
    role: [...fields.role, ...apiFieldNames.role],
  };
}
