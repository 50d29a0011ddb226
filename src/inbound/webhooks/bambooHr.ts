import * as z from "zod";
import { boundedList } from "../../events/boundedJson.ts";
import type { DetailType } from "../../events/hrEvent.ts";
import {
  type Conclusion,
  type InboundEventFields,
  ignored,
  invalid,
  notAsDocumented,
  type Question,
  type Reading,
  stableId,
  toInboundEvent,
} from "../inboundEvent.ts";
import { endOfDay, noDate, startOfDay, toInstant, vendorTime } from "../vendorDates.ts";
import {
  apiUrl,
  credential,
  type Delivery,
  hasSignature,
  timeZoneOf,
  vendor,
  vendorSettings,
} from "./vendor.ts";

/** Names of a field, in the order in which they are looked for; spaces, case and punctuation make no difference. */
const names = (...defaults: string[]) => z.array(z.string().min(1)).min(1).default(defaults);

/** Administrators rename fields, and the labels of what changed differ from the keys of what is sent. */
const fieldNames = z.strictObject({
  email: names("workEmail"),
  status: names("status", "employmentStatus"),
  role: names("jobTitle"),
  hireDate: names("hireDate"),
  terminationDate: names("terminationDate"),
  location: names("location"),
});

/** As BambooHR's API calls them, whatever an administrator calls them in a webhook. */
const apiFieldNames = fieldNames.parse({});

/** The parameter `bamboohr`. */
const bambooHrSettings = z.strictObject({
  ...vendorSettings,
  fields: fieldNames.prefault({}),
  /** What stands between body and time where they are signed; BambooHR's pages do not say it, and nothing is what was seen. */
  signatureSeparator: z.string().max(8).default(""),
  /** For what names an employee and sends no fields: thin webhooks, and the new employees of field-based ones. */
  api: z.strictObject({ url: apiUrl, key: credential }).optional(),
});

type BambooHrSettings = z.output<typeof bambooHrSettings>;
type FieldName = keyof BambooHrSettings["fields"];

/** Either way, for clocks differ. A call that was overheard is worth nothing after it. */
const replayWindowMilliseconds = 300_000;

/** BambooHR's webhooks, of both kinds. https://documentation.bamboohr.com/docs/webhooks */
export const bambooHr = vendor({
  settings: bambooHrSettings,
  refusal,
  read: (payload, settings) => {
    const many = fieldBased.safeParse(payload);
    if (many.success) return readFieldBased(many.data, settings);
    const one = thin.safeParse(payload);
    if (one.success) return [readThin(one.data, settings)];
    return [invalid("neither a field-based nor a thin webhook of BambooHR")];
  },
});

function refusal({ headers, body }: Delivery, settings: BambooHrSettings, now: number): string | undefined {
  const signature = headers["x-bamboohr-signature"];
  const timestamp = headers["x-bamboohr-timestamp"];
  if (signature === undefined) return "no X-BambooHR-Signature";
  if (timestamp === undefined) return "no X-BambooHR-Timestamp";
  const signed = { parts: [body, settings.signatureSeparator, timestamp], keys: settings.signingKeys };
  if (!hasSignature(signature, { algorithm: "sha256", encoding: "hex" }, signed)) return "a wrong signature";
  // Only now: a time that nobody signed says nothing.
  const time = vendorTime(timestamp);
  if (time === undefined) return "an X-BambooHR-Timestamp that is no time";
  return Math.abs(now - time) > replayWindowMilliseconds ? "an old timestamp" : undefined;
}

/** What a message says of an employee that tells no fields. */
type NamedEmployee = Omit<Employee, "valueOf">;

type Api = NonNullable<BambooHrSettings["api"]>;

/** An id becomes part of an address. */
const employeeId = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^[\w-]{1,64}$/));

const answered = z.record(z.string(), z.unknown());

/** Asks BambooHR for the fields of an employee of whom a message told no more than the id. */
function lookUpEmployee(employee: NamedEmployee, api: Api, settings: BambooHrSettings): Reading {
  return {
    kind: "lookUp",
    question: questionFor(employee.id, api),
    conclude: (answer) => {
      const fields = answered.safeParse(answer);
      if (!fields.success) return invalid("BambooHR's answer is no object");
      // The API's names are its own: those that an administrator gives are for what a webhook sends.
      return toEmployeeEvent({ ...employee, valueOf: valueFinder(fields.data, apiFieldNames) }, settings);
    },
  };
}

/** https://documentation.bamboohr.com/reference/get-employee */
function questionFor(id: string, { url, key }: Api): Question {
  const fields = "status,workEmail,jobTitle,hireDate,terminationDate,location";
  return {
    method: "GET",
    url: `${url}/api/v1/employees/${id}?fields=${fields}`,
    headers: { accept: "application/json", authorization: `Basic ${btoa(`${key}:x`)}` },
  };
}

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

const fieldBased = z.object({ employees: z.array(z.unknown()) });

/** A field-based webhook: up to many employees, each with the fields that the administrator chose. */
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
    if (data.action === "created" && Object.keys(data.fields).length === 0) return newcomer(named, settings);
    return toEmployeeEvent({ ...named, valueOf: valueFinder(data.fields, settings.fields) }, settings);
  });
}

/** BambooHR sends no fields with a new employee, whichever the administrator chose. */
function newcomer(employee: NamedEmployee, settings: BambooHrSettings): Reading {
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

/** A thin webhook, which BambooHR calls event-based: who, and which fields, but not what stands in them now. */
function readThin(notice: z.output<typeof thin>, settings: BambooHrSettings): Reading {
  const { type, timestamp: occurredAt, data } = notice;
  if (!isKnown(type)) return ignored("of a type that says nothing about access");
  if (settings.api === undefined)
    return invalid('a thin webhook needs "api" in the parameter, to look up who it is');
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

/** An employee's change as our event. BambooHR has no word for leaving: whoever becomes inactive has left. */
function toEmployeeEvent(employee: Employee, settings: BambooHrSettings): Conclusion {
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
  if (statusOf(employee) === "inactive") return ignored("created as inactive");
  // Common before the first day, and no fault: there is nobody to invite yet.
  if (employee.valueOf("email") === undefined) return ignored("created without a work address");
  const day = startOfDay(employee.valueOf("hireDate"), zoneOf(employee, settings));
  if (day === undefined) return noDate("Hire Date");
  return toEvent("EmployeeHired", employee, day);
}

function updated(employee: Employee, settings: BambooHrSettings): Conclusion {
  const { hasChanged } = employee;
  if (hasChanged === undefined) return invalid("an update does not say which fields have changed");
  // Not only where it has changed: under a new name that nobody told us, its change would look like any other's.
  if (employee.valueOf("status") === undefined)
    return invalid(
      'the field "status" (Status) is empty or not sent; if it has another name, say it in "fields"',
    );
  if (hasChanged("status")) return statusChanged(employee, settings);
  if (!hasChanged("role")) return ignored("neither the status nor the role has changed");
  // Its license must not come before its hire, nor after its end.
  if (employee.valueOf("role") === undefined || statusOf(employee) === "inactive")
    return ignored("no role to give a license by");
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
      return invalid('the status has changed, and the field "status" is neither Active nor Inactive');
  }
}

function leaver(employee: Employee, fields: InboundEventFields): Conclusion {
  return toEvent("EmployeeLeft", employee, fields);
}

/** With the role, a leaver's too, because the policy may exclude it. */
function toEvent(type: DetailType, employee: Employee, fields: InboundEventFields = {}): Conclusion {
  const { id: personId, eventId, occurredAt } = employee;
  const email = employee.valueOf("email");
  if (email === undefined) return invalid('the field "email" (Work Email) is empty or not sent');
  const more = { role: employee.valueOf("role"), ...fields };
  return toInboundEvent({
    type,
    source: "bamboohr",
    id: eventId,
    occurredAt,
    person: { personId, email },
    more,
  });
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

/** What a webhook, with a look-up or without one, tells of an employee. */
interface Employee {
  id: string;
  eventId: string;
  action: "created" | "updated" | "deleted";
  occurredAt: string;
  /** Whether the message is about that field; `undefined` if it does not say what it is about. */
  hasChanged: ((field: FieldName) => boolean) | undefined;
  /** Trimmed; `undefined` for what is empty or was not sent. */
  valueOf: (field: FieldName) => string | undefined;
}

/** A value may come as it is or in an object of its own. */
const plainValue = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const fieldValue = z.union([plainValue, z.object({ value: plainValue }).transform(({ value }) => value)]);

function valueFinder(fields: Readonly<Record<string, unknown>>, names: BambooHrSettings["fields"]) {
  const known = new Map(Object.entries(fields).map(([name, value]) => [normal(name), value]));
  return (field: FieldName): string | undefined => {
    for (const name of names[field]) {
      const { data } = fieldValue.safeParse(known.get(normal(name)));
      if (data) return data;
    }
    return undefined;
  };
}

function changeFinder(
  changedFields: readonly string[] | undefined,
  names: BambooHrSettings["fields"],
): Employee["hasChanged"] {
  if (changedFields === undefined) return undefined;
  const changed = new Set(changedFields.map(normal));
  return (field) => names[field].some((name) => changed.has(normal(name)));
}

/** `Work Email` and `workEmail` are one field. */
function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
