import * as z from "zod";
import { boundedList } from "../../events/boundedJson.ts";
import type { DetailType } from "../../events/hrEvent.ts";
import { profileFields } from "../../events/userProfile.ts";
import {
  type FinalReading,
  type InboundEvent,
  type InboundEventFields,
  ignored,
  invalid,
  type LookUp,
  notAsDocumented,
  type Reading,
  type Recall,
  stableId,
  toInboundEvent,
  toLeaver,
  type VendorProfile,
  type VendorRequest,
} from "../inboundEvent.ts";
import {
  type EffectiveDay,
  endOfDay,
  noDate,
  startOfDay,
  startOfDayAhead,
  toInstant,
  vendorTime,
} from "../vendorDates.ts";
import {
  apiFieldNames,
  changeFinder,
  type FieldName,
  fieldNames,
  valueFinder,
  withApiNames,
} from "./bambooHrFields.ts";
import {
  apiUrl,
  credential,
  type Delivery,
  defineVendor,
  hasSignature,
  timeZoneOf,
  vendorSettings,
} from "./vendor.ts";

/** The parameter `bamboohr`. */
const bambooHrSettings = z.strictObject({
  ...vendorSettings,
  fields: fieldNames.prefault({}),
  /** The text between body and timestamp where they are signed. BambooHR does not document it; its requests have none. */
  signatureSeparator: z.string().max(8).default(""),
  /** Looks up employees who come without fields: in thin webhooks, and new ones in field-based webhooks. */
  api: z.strictObject({ url: apiUrl, key: credential }).optional(),
});

type BambooHrSettings = z.output<typeof bambooHrSettings>;

/** How far a timestamp may be from now, in either direction. A request that was recorded cannot be replayed after it. */
const replayWindowMilliseconds = 300_000;

/** BambooHR's webhooks, both field-based and thin ones: https://documentation.bamboohr.com/docs/webhooks */
export const bambooHr = defineVendor({
  settings: bambooHrSettings,
  rejectionReason,
  read: (payload, settings) => {
    const fieldBasedParsed = fieldBased.safeParse(payload);
    if (fieldBasedParsed.success) return readFieldBased(fieldBasedParsed.data, settings);
    const thinParsed = thin.safeParse(payload);
    if (thinParsed.success) return [readThin(thinParsed.data, settings)];
    return [invalid("neither a field-based nor a thin webhook of BambooHR")];
  },
});

function rejectionReason(
  { headers, body }: Delivery,
  settings: BambooHrSettings,
  now: number,
): string | undefined {
  const signature = headers["x-bamboohr-signature"];
  const timestamp = headers["x-bamboohr-timestamp"];
  if (signature === undefined) return "no X-BambooHR-Signature";
  if (timestamp === undefined) return "no X-BambooHR-Timestamp";
  const signed = { parts: [body, settings.signatureSeparator, timestamp], keys: settings.signingKeys };
  if (!hasSignature(signature, { algorithm: "sha256", encoding: "hex" }, signed)) return "a wrong signature";
  // After the signature, because a timestamp that nobody signed proves nothing.
  const time = vendorTime(timestamp);
  if (time === undefined) return "an X-BambooHR-Timestamp that is no time";
  return Math.abs(now - time) > replayWindowMilliseconds ? "an old timestamp" : undefined;
}

/** What a message without fields says about an employee. */
type NamedEmployee = Omit<Employee, "valueOf">;

type Api = NonNullable<BambooHrSettings["api"]>;

/** It becomes part of a URL. */
const employeeId = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^[\w-]{1,64}$/));

/** BambooHR may send an empty list for an empty object, as JSON encoders of PHP do. */
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

const fieldBased = z.object({ employees: z.array(z.unknown()) });

/** Reads a field-based webhook: any number of employees, each with the fields that the administrator chose. */
function readFieldBased({ employees }: z.output<typeof fieldBased>, settings: BambooHrSettings): Reading[] {
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
    if (data.action === "created" && Object.keys(data.fields).length === 0)
      return newEmployee(named, settings);
    return toEmployeeEvent({ ...named, valueOf: valueFinder(data.fields, settings.fields) }, settings);
  });
}

/** BambooHR sends no fields with a new employee, whichever the administrator chose, so they are looked up. */
function newEmployee(employee: NamedEmployee, settings: BambooHrSettings): Reading {
  return settings.api === undefined
    ? ignored('created, and no fields are sent: with "api" in the parameter it would be looked up')
    : lookUpEmployee(employee, settings.api, settings);
}

const thin = z.object({
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

/** Reads a thin webhook, which BambooHR calls event-based: it names the employee and the changed fields, without values. */
function readThin(webhook: z.output<typeof thin>, settings: BambooHrSettings): Reading {
  const { type, timestamp: occurredAt, data } = webhook;
  if (!isHandled(type)) return ignored("an event type that does not affect access");
  const { employeeId: id, changedFields } = data;
  const employee = {
    id,
    eventId: stableId("bamboohr", [type, occurredAt, data]),
    action: actions[type],
    occurredAt,
    hasChanged: changeFinder(changedFields, withApiNames(settings.fields)),
  };
  const api = settings.api;
  // Most likely the record is gone, and nobody but the ledger knows the address.
  const gone = employee.action === "deleted" ? deleted({ ...employee, valueOf: () => undefined }) : undefined;
  if (api === undefined)
    return gone ?? invalid('a thin webhook needs "api" in the parameter, to look up who it is');
  return { ...lookUpEmployee(employee, api, settings), ...(gone && { notFound: gone }) };
}

function isHandled(type: string): type is keyof typeof actions {
  return Object.hasOwn(actions, type);
}

const employeeFields = z.record(z.string(), z.unknown());

/** Looks up the fields of an employee in BambooHR. */
function lookUpEmployee(employee: NamedEmployee, api: Api, settings: BambooHrSettings): LookUp {
  return {
    kind: "lookUp",
    request: employeeRequest(employee.id, api),
    interpret: (json) => {
      const fields = employeeFields.safeParse(json);
      if (!fields.success) return invalid("BambooHR's response is no object");
      // The API has names of its own: those that an administrator gives apply to webhooks only.
      return toEmployeeEvent({ ...employee, valueOf: valueFinder(fields.data, apiFieldNames) }, settings);
    },
  };
}

/** https://documentation.bamboohr.com/reference/get-employee */
function employeeRequest(id: string, { url, key }: Api): VendorRequest {
  const fields =
    "status,workEmail,jobTitle,hireDate,terminationDate,location,firstName,lastName,displayName,department,employeeNumber";
  return {
    method: "GET",
    url: `${url}/api/v1/employees/${id}?fields=${fields}`,
    headers: { accept: "application/json", authorization: `Basic ${btoa(`${key}:x`)}` },
  };
}

/** Translates an employee's change. BambooHR has no event for leaving: whoever becomes inactive has left. */
function toEmployeeEvent(employee: Employee, settings: BambooHrSettings): FinalReading | Recall {
  switch (employee.action) {
    case "deleted":
      return deleted(employee);
    case "created":
      return created(employee, settings);
    case "updated":
      return updated(employee, settings);
  }
}

function created(employee: Employee, settings: BambooHrSettings): FinalReading {
  if (statusOf(employee) === "inactive") return ignored("created as inactive");
  // Common before the first day, and no fault: there is no address to invite yet.
  if (employee.valueOf("email") === undefined) return ignored("created without a work address");
  const day = startOfDay(employee.valueOf("hireDate"), zoneOf(employee, settings));
  if (day === undefined) return noDate("Hire Date");
  return toEvent("EmployeeHired", employee, day);
}

function updated(employee: Employee, settings: BambooHrSettings): FinalReading | Recall {
  const { hasChanged } = employee;
  if (hasChanged === undefined) return invalid("an update does not say which fields have changed");
  // Required even where it has not changed: under a new name its change would look like that of any other field.
  if (employee.valueOf("status") === undefined)
    return invalid(
      'the field "status" (Status) is empty or not sent; if it has another name, say it in "fields"',
    );
  const ahead = startOfDayAhead(
    employee.valueOf("hireDate"),
    zoneOf(employee, settings),
    employee.occurredAt,
  );
  if (hasChanged("status")) return statusChanged(employee, ahead, settings);
  const isBeforeStart = statusOf(employee) === "active" && ahead?.effectiveDate !== undefined;
  // Until the first day nobody has access by this hire, so a new day or address is that of the same joiner.
  if (isBeforeStart && (hasChanged("hireDate") || hasChanged("email"))) return returned(employee, ahead);
  if (!hasChanged("role")) return ignored("neither the status nor the role has changed");
  // A license must not be set before the hire, nor after the end.
  if (employee.valueOf("role") === undefined || statusOf(employee) === "inactive")
    return ignored("no role to give a license by");
  return toEvent("EmployeeRoleChanged", employee, ahead);
}

function statusChanged(
  employee: Employee,
  ahead: EffectiveDay,
  settings: BambooHrSettings,
): FinalReading | Recall {
  switch (statusOf(employee)) {
    case "active":
      return returned(employee, ahead);
    case "inactive": {
      const day = endOfDay(employee.valueOf("terminationDate"), zoneOf(employee, settings));
      return day === undefined ? noDate("Termination Date") : leaver(employee, day);
    }
    case undefined:
      return invalid('the status has changed, and the field "status" is neither Active nor Inactive');
  }
}

/**
 * BambooHR sends `updated` right after `created`, and for a rehire who was made active ahead of time: neither lets anybody in before
 * the first day.
 */
function returned(employee: Employee, ahead: EffectiveDay): FinalReading {
  if (ahead === undefined) return noDate("Hire Date");
  if (ahead.effectiveDate !== undefined && employee.valueOf("email") === undefined)
    return ignored("no work address yet, before the first day");
  return toEvent("EmployeeReturned", employee, ahead);
}

function deleted(employee: Employee): FinalReading | Recall {
  return leaver(employee, { reason: "deleted in BambooHR" });
}

/** With the role, because the policy may exclude it. HR may clear the address when somebody leaves. */
function leaver(employee: Employee, fields: InboundEventFields): FinalReading | Recall {
  const { id: personId, eventId: id, occurredAt } = employee;
  const role = employee.valueOf("role");
  const said = { personId, id, occurredAt, ...newAddress(employee), fields: { role, ...fields } };
  return toLeaver(employee.valueOf("email"), { source: "bamboohr", ...said });
}

function newAddress({ hasChanged }: Employee): Pick<InboundEvent, "hasNewAddress"> {
  return hasChanged?.("email") ? { hasNewAddress: true } : {};
}

function toEvent(
  type: Exclude<DetailType, "EmployeeLeft">,
  employee: Employee,
  fields: InboundEventFields = {},
): FinalReading {
  const { id: personId, eventId, occurredAt } = employee;
  const email = employee.valueOf("email");
  if (email === undefined) return invalid('the field "email" (Work Email) is empty or not sent');
  return toInboundEvent({
    type,
    source: "bamboohr",
    id: eventId,
    occurredAt,
    person: { personId, email },
    ...newAddress(employee),
    fields: { role: employee.valueOf("role"), profile: profileOf(employee), ...fields },
  });
}

function profileOf(employee: Employee): VendorProfile {
  return Object.fromEntries(profileFields.map((field) => [field, employee.valueOf(field)]));
}

/** The field Status has `Inactive` for a leaver, the employment status has `Terminated`. */
function statusOf(employee: Employee): "active" | "inactive" | undefined {
  const status = employee.valueOf("status") ?? "";
  if (/^active$/i.test(status)) return "active";
  return /^(inactive|terminated)$/i.test(status) ? "inactive" : undefined;
}

function zoneOf(employee: Employee, settings: BambooHrSettings): string {
  return timeZoneOf(employee.valueOf("location"), settings);
}

/** What a webhook says about an employee, with a look-up or without one. */
interface Employee {
  id: string;
  eventId: string;
  action: "created" | "updated" | "deleted";
  occurredAt: string;
  /** Whether that field has changed; `undefined` if the message does not say which fields have. */
  hasChanged: ((field: FieldName) => boolean) | undefined;
  /** Trimmed; `undefined` for a field that is empty or was not sent. */
  valueOf: (field: FieldName) => string | undefined;
}
