import * as z from "zod";
import { boundedList, parseJson } from "../../events/boundedJson.ts";
import {
  type FinalReading,
  ignored,
  invalid,
  type Reading,
  type Recall,
  toInboundEvent,
  toLeaver,
  type VendorProfile,
  type VendorRequest,
} from "../inboundEvent.ts";
import { endOfDay, noDate, toInstant } from "../vendorDates.ts";
import { apiUrl, credential, defineVendor, type Handshake, hasSignature, vendorSettings } from "./vendor.ts";

/** The parameter `gusto`. The signing key is the subscription's verification token. */
const gustoSettings = z.strictObject({
  ...vendorSettings,
  /** Gusto's access tokens are short-lived: whatever refreshes them writes the parameter anew. */
  api: z.strictObject({ url: apiUrl.prefault("https://api.gusto.com"), token: credential }),
});

type GustoSettings = z.output<typeof gustoSettings>;

/**
 * Gusto's webhooks, which only name an employee: https://docs.gusto.com/app-integrations/docs/webhooks. The employee's address
 * and last day are looked up.
 */
export const gusto = defineVendor({
  settings: gustoSettings,
  rejectionReason: ({ headers, body }, { signingKeys }) => {
    const signature = headers["x-gusto-signature"];
    if (signature === undefined) return "no X-Gusto-Signature";
    const signed = { parts: [body], keys: signingKeys };
    const isRight = hasSignature(signature, { algorithm: "sha256", encoding: "hex" }, signed);
    return isRight ? undefined : "a wrong signature";
  },
  read: (payload, settings) => [readNotice(payload, settings)],
  readHandshake,
});

const verification = z.object({ verification_token: z.string().regex(/^[\w-]{16,200}$/) });

/** The token comes unsigned, before the subscription is verified, because it is what Gusto will sign with. */
function readHandshake(body: string): Handshake | undefined {
  const { data } = verification.safeParse(parseJson(body));
  return data && { kind: "token", token: data.verification_token };
}

interface GustoNotice {
  change: EmploymentChange;
  eventId: string;
  employeeId: string;
  occurredAt: string;
}

/**
 * - `willEnd`: the employment ends on a day that the look-up gives.
 * - `ended`: it has ended.
 * - `continues`: it has no end, or none any more.
 */
type EmploymentChange = "willEnd" | "ended" | "continues";

/** The event types that are handled. A rehire counts when it takes effect, so one that is planned or cancelled is ignored. */
const handledTypes: Readonly<Record<string, EmploymentChange>> = {
  "employee.terminated": "willEnd",
  // Gusto's own pages spell it in both ways.
  "employee.termination_effective": "ended",
  "employee.terminated_effective": "ended",
  "employee.termination_cancelled": "continues",
  "employee.rehire_effective": "continues",
};

const notice = z.object({
  uuid: z.string().regex(/^[\w-]{1,100}$/),
  event_type: z.string(),
  entity_type: z.literal("Employee"),
  // It becomes part of a URL.
  entity_uuid: z.string().regex(/^[\w-]{1,100}$/),
  timestamp: z.union([z.number(), z.string()]).transform(toInstant).pipe(z.string()),
});

function readNotice(payload: unknown, settings: GustoSettings): Reading {
  const typed = z.object({ event_type: z.string() }).safeParse(payload);
  const type = typed.data?.event_type;
  if (type !== undefined && !Object.hasOwn(handledTypes, type))
    return ignored("an event type that does not affect access");
  const { data } = notice.safeParse(payload);
  const change = handledTypes[type ?? ""];
  if (data === undefined || change === undefined) return invalid("no webhook of Gusto about an employee");
  const { uuid, entity_uuid: employeeId, timestamp: occurredAt } = data;
  return {
    kind: "lookUp",
    request: employeeRequest(employeeId, settings.api),
    interpret: (json) => {
      const employee = readEmployee(json);
      if (employee === undefined) return invalid("Gusto's response is no employee");
      return toGustoEvent({ change, eventId: `gusto-${uuid}`, employeeId, occurredAt }, employee, settings);
    },
  };
}

function toGustoEvent(
  notice: GustoNotice,
  employee: GustoEmployee,
  { timeZone }: GustoSettings,
): FinalReading | Recall {
  if (notice.change === "continues") return returned(notice, employee);
  const day = endOfDay(employee.lastDay, timeZone);
  if (day === undefined) return noDate("effective_date of the termination");
  // Without its day it would take effect at once.
  if (notice.change === "willEnd" && day.effectiveDate === undefined)
    return invalid("Gusto reports an end and not on which day");
  const { eventId: id, employeeId: personId, occurredAt } = notice;
  return toLeaver(employee.email, { personId, id, source: "gusto", occurredAt, fields: day });
}

function returned(
  { eventId: id, employeeId: personId, occurredAt }: GustoNotice,
  { email, profile }: GustoEmployee,
): FinalReading {
  if (email === undefined) return invalid("the employee has no work_email in Gusto");
  return toInboundEvent({
    type: "EmployeeReturned",
    source: "gusto",
    id,
    occurredAt,
    person: { personId, email },
    fields: { profile },
  });
}

interface GustoEmployee {
  email: string | undefined;
  /** The last day of work; `undefined` if this employment has no end. */
  lastDay: string | undefined;
  profile: VendorProfile;
}

/** One that is no text is as good as none: nobody stays without access for a name. */
const profileText = z.string().nullish().catch(undefined);

const employee = z.object({
  first_name: profileText,
  preferred_first_name: profileText,
  last_name: profileText,
  department: profileText,
  // Never `email`, which is a private address.
  work_email: z.string().nullish(),
  terminated: z.boolean().nullish(),
  terminations: boundedList(
    z.object({ effective_date: z.string(), active: z.boolean().optional() }),
  ).nullish(),
});

/** https://docs.gusto.com/app-integrations/reference/get-v1-employees */
function employeeRequest(uuid: string, { url, token }: GustoSettings["api"]): VendorRequest {
  return {
    method: "GET",
    url: `${url}/v1/employees/${uuid}`,
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
  };
}

function readEmployee(json: unknown): GustoEmployee | undefined {
  const { data } = employee.safeParse(json);
  if (data === undefined) return undefined;
  const { first_name, preferred_first_name, last_name, department } = data;
  const profile = {
    givenName: preferred_first_name || first_name || undefined,
    familyName: last_name ?? undefined,
    department: department ?? undefined,
  };
  return { email: data.work_email?.trim() || undefined, lastDay: lastDayOf(data), profile };
}

/**
 * The last day is that of the latest termination, because each earlier employment has one too. A termination that is `active`
 * has gone into effect, so for somebody who is not terminated it belongs to an earlier employment.
 */
function lastDayOf({ terminated, terminations }: z.output<typeof employee>): string | undefined {
  const [latest] = (terminations ?? []).toSorted((one, other) =>
    one.effective_date < other.effective_date ? 1 : -1,
  );
  const isOfEarlierEmployment = latest?.active === true && terminated === false;
  return isOfEarlierEmployment ? undefined : latest?.effective_date;
}
