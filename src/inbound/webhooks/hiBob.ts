import * as z from "zod";
import { isJsonObject } from "../../events/boundedJson.ts";
import type { DetailType } from "../../events/hrEvent.ts";
import {
  type FinalReading,
  type InboundEventFields,
  ignored,
  invalid,
  type Reading,
  type Recall,
  stableId,
  toInboundEvent,
  toLeaver,
  type VendorProfile,
  type VendorRequest,
} from "../inboundEvent.ts";
import { endOfDay, noDate, toInstant } from "../vendorDates.ts";
import {
  apiUrl,
  credential,
  defineVendor,
  type Handshake,
  hasSignature,
  timeZoneOf,
  vendorSettings,
} from "./vendor.ts";

/** The parameter `hibob`. */
const hiBobSettings = z.strictObject({
  ...vendorSettings,
  /** A service user that may read the fields in `paths`. */
  api: z.strictObject({
    url: apiUrl.prefault("https://api.hibob.com"),
    user: credential,
    token: credential,
  }),
  /**
   * The lifecycle statuses in which nobody has access. Add `leave` to suspend whoever is on leave; take `garden leave` out to
   * leave people alone until they are terminated.
   */
  leaverStatuses: z.array(z.string().toLowerCase()).default(["terminated", "garden leave"]),
});

type HiBobSettings = z.output<typeof hiBobSettings>;

/**
 * HiBob's webhooks, version 2, which only name an employee: https://apidocs.hibob.com/reference/getting-started-webhooks. The
 * employee's address, status and last day are looked up.
 */
export const hiBob = defineVendor({
  settings: hiBobSettings,
  rejectionReason: ({ headers, body }, { signingKeys }) => {
    const signature = headers["bob-signature"];
    if (signature === undefined) return "no Bob-Signature";
    const signed = { parts: [body], keys: signingKeys };
    const isRight = hasSignature(signature, { algorithm: "sha512", encoding: "base64" }, signed);
    return isRight ? undefined : "a wrong signature";
  },
  read: (payload, settings) => [readNotice(payload, settings)],
  readHandshake,
});

/** HiBob tests a webhook with a ping, as text or as JSON. */
function readHandshake(body: string): Handshake | undefined {
  const isPing = /^\s*(?:"?Ping test"?|\{\s*"text"\s*:\s*"Ping test"\s*\})\s*$/.test(body);
  return isPing ? { kind: "ping" } : undefined;
}

/** The event types that are handled. */
const handledTypes = [
  "employee.joined",
  "employee.activated",
  "employee.left",
  "employee.inactivated",
  "employee.access.revoked.immediately",
  "employee.deleted",
] as const;

interface HiBobNotice {
  type: (typeof handledTypes)[number];
  eventId: string;
  employeeId: string;
  occurredAt: string;
  /** Of somebody who was deleted, and whom the API does not know any more. */
  email: string | undefined;
}

const notice = z.object({
  companyId: z.union([z.string(), z.number()]).optional(),
  type: z.string(),
  triggeredAt: z.string().transform(toInstant).pipe(z.string()),
  // It becomes part of a URL.
  data: z.object({
    employeeId: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^\d{1,32}$/)),
    email: z.string().trim().nullish().catch(undefined),
  }),
});
const handledType = z.enum(handledTypes);

function readNotice(payload: unknown, settings: HiBobSettings): Reading {
  const typed = z.object({ type: z.string() }).safeParse(payload);
  if (typed.success && !handledType.safeParse(typed.data.type).success)
    return ignored("an event type that does not affect access");
  const { data } = notice.safeParse(payload);
  const type = handledType.safeParse(data?.type);
  if (data === undefined || !type.success) return invalid("no webhook of HiBob's version 2");
  const { triggeredAt: occurredAt, companyId } = data;
  const { employeeId } = data.data;
  // There is no event id, and no timestamp in a header: a second delivery is known by its content alone.
  const eventId = stableId("hibob", [companyId, type.data, occurredAt, employeeId]);
  const told = { type: type.data, eventId, employeeId, occurredAt, email: data.data.email || undefined };
  if (told.type === "employee.deleted" && told.email !== undefined) return deleted(told, told);
  const gone = told.type === "employee.deleted" && { notFound: deleted(told, {}) };
  return {
    kind: "lookUp",
    ...gone,
    request: personRequest(employeeId, settings.api),
    interpret: (json) => {
      const person = readPerson(json);
      if (person === undefined) return invalid("HiBob's response is no object");
      return toHiBobEvent(told, person, settings);
    },
  };
}

function toHiBobEvent(
  notice: HiBobNotice,
  person: HiBobPerson,
  settings: HiBobSettings,
): FinalReading | Recall {
  switch (notice.type) {
    case "employee.joined":
      return toEvent("EmployeeHired", notice, person);
    case "employee.activated":
      return toEvent("EmployeeReturned", notice, person);
    case "employee.access.revoked.immediately":
      return leaver(notice, person, {
        urgency: "immediate",
        reason: "access revoked in HiBob",
      });
    case "employee.deleted":
      return deleted(notice, person);
    case "employee.left":
    case "employee.inactivated":
      return leftOrOnLeave(notice, person, settings);
  }
}

function deleted(notice: HiBobNotice, person: PersonInHiBob): FinalReading | Recall {
  return leaver(notice, person, { reason: "deleted in HiBob" });
}

/** Both types come for a leave as well as for the end of the employment: the lifecycle status distinguishes them. */
function leftOrOnLeave(
  notice: HiBobNotice,
  person: HiBobPerson,
  settings: HiBobSettings,
): FinalReading | Recall {
  const { statuses, terminationDate, location } = person;
  if (statuses.length === 0) return invalid("HiBob sends no lifecycle status: may the service user read it?");
  const status = statuses.find((each) => settings.leaverStatuses.includes(each));
  if (status === undefined) return keepsAccess(notice, statuses);
  const day = isOnLeave(statuses) ? {} : endOfDay(terminationDate, timeZoneOf(location, settings));
  if (day === undefined) return noDate(terminationDateField);
  return leaver(notice, person, { reason: status, ...day });
}

/**
 * Leaves that end access at once. HiBob sends its webhook when the last day begins, and otherwise access ends with that day.
 * People on leave are not at work from its first moment. Garden leave has a termination date too, but it may be months after
 * the last day at work: to end access some hours early is safer than to leave it for months to somebody who is gone.
 */
function isOnLeave(statuses: readonly string[]): boolean {
  return statuses.some((each) => leaveStatuses.includes(each));
}

const leaveStatuses = ["leave", "parental leave", "garden leave"];

/**
 * Decides about a status in which people keep access. `employee.left` comes for an end and for garden leave only, so another
 * status there has a name of the company's own, which the settings must name. Leaves have many names.
 */
function keepsAccess({ type }: HiBobNotice, statuses: readonly string[]): FinalReading {
  const isExplained = type !== "employee.left" || statuses.some((each) => workingStatuses.includes(each));
  if (isExplained) return ignored(`a status that keeps its access: ${statuses[0]}`);
  return invalid('somebody left HiBob with a lifecycle status that "leaverStatuses" does not name');
}

/** Of people who are back already at the time of the look-up; and garden leave, in which the settings may leave access. */
const workingStatuses = ["employed", "hired", "garden leave"];

/** With the role, because the policy may exclude it. HR may clear the address when somebody leaves. */
function leaver(
  { eventId: id, employeeId: personId, occurredAt }: HiBobNotice,
  { email, role }: PersonInHiBob,
  fields: InboundEventFields,
): FinalReading | Recall {
  return toLeaver(email, { personId, id, source: "hibob", occurredAt, fields: { role, ...fields } });
}

function toEvent(
  type: Exclude<DetailType, "EmployeeLeft">,
  { eventId: id, employeeId: personId, occurredAt }: HiBobNotice,
  { email, role, profile }: HiBobPerson,
): FinalReading {
  if (email === undefined) return invalid("the employee has no e-mail address in HiBob");
  return toInboundEvent({
    type,
    source: "hibob",
    id,
    occurredAt,
    person: { personId, email },
    fields: { role, profile },
  });
}

/** The fields that are looked up, by HiBob's own ids. */
const paths = {
  email: "root.email",
  status: "internal.lifecycleStatus",
  terminationDate: "internal.terminationDate",
  role: "work.title",
  location: "work.site",
  givenName: "root.firstName",
  familyName: "root.surname",
  displayName: "root.displayName",
  department: "work.department",
  employeeNumber: "work.employeeIdInCompany",
} as const;

const terminationDateField = paths.terminationDate;

/** What an event says of a leaver. */
interface PersonInHiBob {
  email?: string | undefined;
  role?: string | undefined;
}

interface HiBobPerson extends PersonInHiBob {
  /** Lower-case: its name for people, and HiBob's own id. None, if the service user may not read it. */
  statuses: readonly string[];
  /** `2026-05-15` */
  terminationDate: string | undefined;
  location: string | undefined;
  profile: VendorProfile;
}

/** https://apidocs.hibob.com/reference/post_people-identifier */
function personRequest(employeeId: string, { url, user, token }: HiBobSettings["api"]): VendorRequest {
  return {
    method: "POST",
    url: `${url}/v1/people/${employeeId}`,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Basic ${btoa(`${user}:${token}`)}`,
    },
    // Statuses, titles and sites are entries of lists, so their names are wanted beside their ids. With names in their place,
    // dates would come in the format of the service user's settings, and 08/09/2026 is two days.
    body: JSON.stringify({ fields: Object.values(paths), humanReadable: "APPEND" }),
  };
}

/** `undefined` for a response that is no object. */
function readPerson(json: unknown): HiBobPerson | undefined {
  if (!isJsonObject(json)) return undefined;
  const value = (path: string) => fieldOf(json, path);
  const nameOnly = (path: string) => fieldOf(json.humanReadable, path);
  const name = (path: string) => nameOnly(path) ?? value(path);
  return {
    email: value(paths.email),
    statuses: [nameOnly(paths.status), value(paths.status)].flatMap((text = "") => text.toLowerCase() || []),
    terminationDate: value(paths.terminationDate),
    role: name(paths.role),
    location: name(paths.location),
    profile: {
      givenName: value(paths.givenName),
      familyName: value(paths.familyName),
      displayName: value(paths.displayName),
      department: name(paths.department),
      employeeNumber: fieldOf(json, paths.employeeNumber, textOrNumber),
    },
  };
}

/** Reads a field, which may stand under its path or be nested by it; fields of the root are nested without its name. */
function fieldOf(fields: unknown, path: string, schema: z.ZodType<string> = text): string | undefined {
  if (!isJsonObject(fields)) return undefined;
  return textOf(fields[`/${path.replaceAll(".", "/")}`], schema) ?? textOf(nested(fields, path), schema);
}

function nested(fields: unknown, path: string): unknown {
  return path
    .split(".")
    .filter((name) => name !== "root")
    .reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), fields);
}

const text = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]);
/** Bob counts employees. */
const textOrNumber = z.union([text, z.number().transform(String)]);

function textOf(value: unknown, schema: z.ZodType<string>): string | undefined {
  return schema.safeParse(value).data?.trim() || undefined;
}
