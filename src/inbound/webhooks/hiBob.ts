import * as z from "zod";
import { isJsonObject } from "../../events/boundedJson.ts";
import type { DetailType } from "../../events/hrEvent.ts";
import {
  type Conclusion,
  type InboundEventFields,
  ignored,
  invalid,
  type Question,
  type Reading,
  stableId,
  toInboundEvent,
} from "../inboundEvent.ts";
import { endOfDay, noDate, toInstant } from "../vendorDates.ts";
import {
  apiUrl,
  credential,
  hasSignature,
  type SetUp,
  timeZoneOf,
  vendor,
  vendorSettings,
} from "./vendor.ts";

/** The parameter `hibob`. */
const hiBobSettings = z.strictObject({
  ...vendorSettings,
  /** A service user that may read the fields in `readPerson.ts`. */
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

/** The types that can change somebody's access. */
const accessTypes = [
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
function toHiBobEvent(notice: HiBobNotice, person: HiBobPerson, settings: HiBobSettings): Conclusion {
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
    return invalid("HiBob does not tell the lifecycle status: may the user read it?");
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
  if (isExplained) return ignored(`a status that keeps its access: ${statuses[0]}`);
  return invalid('somebody left HiBob with a lifecycle status that "leaverStatuses" does not name');
}

/** Of whoever is back already when the look-up comes, and garden leave, which the settings may leave alone. */
const workingStatuses = ["employed", "hired", "garden leave"];

/** With the role, a leaver's too, because the policy may exclude it. */
function toEvent(
  type: DetailType,
  { eventId: id, employeeId: personId, occurredAt }: HiBobNotice,
  { email, role }: HiBobPerson,
  fields: InboundEventFields = {},
): Conclusion {
  if (email === undefined) return invalid("the employee has no e-mail address in HiBob");
  return toInboundEvent({
    type,
    source: "hibob",
    id,
    occurredAt,
    person: { personId, email },
    more: { role, ...fields },
  });
}

const notice = z.object({
  companyId: z.union([z.string(), z.number()]).optional(),
  type: z.string(),
  triggeredAt: z.string().transform(toInstant).pipe(z.string()),
  // It becomes part of an address.
  data: z.object({
    employeeId: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^\d{1,32}$/)),
  }),
});
const accessType = z.enum(accessTypes);

/** HiBob's webhooks, version 2: https://apidocs.hibob.com/reference/getting-started-webhooks */
export const hiBob = vendor({
  settings: hiBobSettings,
  refusal: ({ headers, body }, { signingKeys }) => {
    const signature = headers["bob-signature"];
    if (signature === undefined) return "no Bob-Signature";
    const signed = { parts: [body], keys: signingKeys };
    const isRight = hasSignature(signature, { algorithm: "sha512", encoding: "base64" }, signed);
    return isRight ? undefined : "a wrong signature";
  },
  read: (payload, settings) => [readNotice(payload, settings)],
  setUp,
});

function readNotice(payload: unknown, settings: HiBobSettings): Reading {
  const kind = z.object({ type: z.string() }).safeParse(payload);
  if (kind.success && !accessType.safeParse(kind.data.type).success)
    return ignored("of a type that says nothing about access");
  const { data } = notice.safeParse(payload);
  const type = accessType.safeParse(data?.type);
  if (data === undefined || !type.success) return invalid("no webhook of HiBob's version 2");
  const { triggeredAt: occurredAt, companyId } = data;
  const { employeeId } = data.data;
  // There is no event id, and no timestamp in a header: what comes twice is known by its content alone.
  const eventId = stableId("hibob", [companyId, type.data, occurredAt, employeeId]);
  return {
    kind: "lookUp",
    question: personQuestion(employeeId, settings.api),
    conclude: (answer) => {
      const person = readPerson(answer);
      if (person === undefined) return invalid("HiBob's answer is no object");
      return toHiBobEvent({ type: type.data, eventId, employeeId, occurredAt }, person, settings);
    },
  };
}

/** Text or JSON, as the webhook is set up or tested. */
function setUp(body: string): SetUp | undefined {
  const isPing = /^\s*(?:"?Ping test"?|\{\s*"text"\s*:\s*"Ping test"\s*\})\s*$/.test(body);
  return isPing ? { kind: "ping" } : undefined;
}

/** The fields that are asked for, by HiBob's own ids. */
const paths = {
  email: "root.email",
  status: "internal.lifecycleStatus",
  terminationDate: "internal.terminationDate",
  role: "work.title",
  location: "work.site",
} as const;

const terminationDateField = paths.terminationDate;

interface HiBobPerson {
  email: string | undefined;
  /** Lower-case: as people see it, and as HiBob itself calls it. None, if the service user may not read it. */
  statuses: readonly string[];
  /** `2026-05-15` */
  terminationDate: string | undefined;
  role: string | undefined;
  location: string | undefined;
}

/** https://apidocs.hibob.com/reference/post_people-identifier */
function personQuestion(employeeId: string, { url, user, token }: HiBobSettings["api"]): Question {
  return {
    method: "POST",
    url: `${url}/v1/people/${employeeId}`,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Basic ${btoa(`${user}:${token}`)}`,
    },
    // Statuses, titles and sites are lists, so their names are wanted beside the ids of their entries. Not in their place:
    // dates would come as the service user's own settings write them, and 08/09/2026 is two days.
    body: JSON.stringify({ fields: Object.values(paths), humanReadable: "APPEND" }),
  };
}

/** The person in HiBob's answer; `undefined` if it is no person. */
function readPerson(answer: unknown): HiBobPerson | undefined {
  if (!isJsonObject(answer)) return undefined;
  const value = (path: string) => fieldOf(answer, path);
  const nameOnly = (path: string) => fieldOf(answer.humanReadable, path);
  const name = (path: string) => nameOnly(path) ?? value(path);
  return {
    email: value(paths.email),
    statuses: [nameOnly(paths.status), value(paths.status)].flatMap((text = "") => text.toLowerCase() || []),
    terminationDate: value(paths.terminationDate),
    role: name(paths.role),
    location: name(paths.location),
  };
}

/** Fields come under their path or nested by it; those of the root without its name. */
function fieldOf(fields: unknown, path: string): string | undefined {
  if (!isJsonObject(fields)) return undefined;
  return textOf(fields[`/${path.replaceAll(".", "/")}`]) ?? textOf(nested(fields, path));
}

function nested(fields: unknown, path: string): unknown {
  return path
    .split(".")
    .filter((name) => name !== "root")
    .reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), fields);
}

const text = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]);

function textOf(value: unknown): string | undefined {
  return text.safeParse(value).data?.trim() || undefined;
}
