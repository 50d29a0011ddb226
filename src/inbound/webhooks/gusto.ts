import * as z from "zod";
import { boundedList, parseJson } from "../../events/boundedJson.ts";
import type { DetailType } from "../../events/hrEvent.ts";
import {
  type Conclusion,
  type InboundEventFields,
  ignored,
  invalid,
  type Question,
  type Reading,
  toInboundEvent,
} from "../inboundEvent.ts";
import { endOfDay, noDate, toInstant } from "../vendorDates.ts";
import { apiUrl, credential, hasSignature, type SetUp, vendor, vendorSettings } from "./vendor.ts";

/** The parameter `gusto`. The signing key is the subscription's verification token. */
const gustoSettings = z.strictObject({
  ...vendorSettings,
  /** Gusto's access tokens are short-lived: whatever refreshes them writes the parameter anew. */
  api: z.strictObject({ url: apiUrl.prefault("https://api.gusto.com"), token: credential }),
});

type GustoSettings = z.output<typeof gustoSettings>;

/**
 * - `planned`: an end that is to come, on a day that the look-up tells.
 * - `ended`: it has come.
 * - `back`: there is no end, or no more.
 */
type Meaning = "planned" | "ended" | "back";

/** What Gusto's types mean. A rehire counts when it takes effect, so one that is planned or cancelled says nothing. */
const meanings: Readonly<Record<string, Meaning>> = {
  "employee.terminated": "planned",
  // Gusto's own pages spell it in both ways.
  "employee.termination_effective": "ended",
  "employee.terminated_effective": "ended",
  "employee.termination_cancelled": "back",
  "employee.rehire_effective": "back",
};

export interface GustoNotice {
  meaning: Meaning;
  eventId: string;
  employeeId: string;
  occurredAt: string;
}

/** A notice of Gusto and the employee that it is about, as our event. */
function toGustoEvent(notice: GustoNotice, employee: GustoEmployee, { timeZone }: GustoSettings): Conclusion {
  if (notice.meaning === "back") return toEvent("EmployeeReturned", notice, employee, {});
  const day = endOfDay(employee.lastDay, timeZone);
  if (day === undefined) return noDate("effective_date of the termination");
  // Without its day it would take effect at once.
  if (notice.meaning === "planned" && day.effectiveDate === undefined)
    return invalid("Gusto tells of an end and not on which day");
  return toEvent("EmployeeLeft", notice, employee, day);
}

function toEvent(
  type: DetailType,
  { eventId: id, employeeId: personId, occurredAt }: GustoNotice,
  { email }: GustoEmployee,
  more: InboundEventFields,
): Conclusion {
  if (email === undefined) return invalid("the employee has no work_email in Gusto");
  return toInboundEvent({ type, source: "gusto", id, occurredAt, person: { personId, email }, more });
}

const notice = z.object({
  uuid: z.string().regex(/^[\w-]{1,100}$/),
  event_type: z.string(),
  entity_type: z.literal("Employee"),
  // It becomes part of an address.
  entity_uuid: z.string().regex(/^[\w-]{1,100}$/),
  timestamp: z.union([z.number(), z.string()]).transform(toInstant).pipe(z.string()),
});

/** Gusto's webhooks: https://docs.gusto.com/app-integrations/docs/webhooks */
export const gusto = vendor({
  settings: gustoSettings,
  refusal: ({ headers, body }, { signingKeys }) => {
    const signature = headers["x-gusto-signature"];
    if (signature === undefined) return "no X-Gusto-Signature";
    const signed = { parts: [body], keys: signingKeys };
    const isRight = hasSignature(signature, { algorithm: "sha256", encoding: "hex" }, signed);
    return isRight ? undefined : "a wrong signature";
  },
  read: (payload, settings) => [readNotice(payload, settings)],
  setUp,
});

function readNotice(payload: unknown, settings: GustoSettings): Reading {
  const kind = z.object({ event_type: z.string() }).safeParse(payload);
  const type = kind.data?.event_type;
  if (type !== undefined && !Object.hasOwn(meanings, type))
    return ignored("of a type that says nothing about access");
  const { data } = notice.safeParse(payload);
  const meaning = meanings[type ?? ""];
  if (data === undefined || meaning === undefined) return invalid("no webhook of Gusto about an employee");
  const { uuid, entity_uuid: employeeId, timestamp: occurredAt } = data;
  return {
    kind: "lookUp",
    question: employeeQuestion(employeeId, settings.api),
    conclude: (answer) => {
      const employee = readEmployee(answer);
      if (employee === undefined) return invalid("Gusto's answer is no employee");
      return toGustoEvent({ meaning, eventId: `gusto-${uuid}`, employeeId, occurredAt }, employee, settings);
    },
  };
}

const verification = z.object({ verification_token: z.string().regex(/^[\w-]{16,200}$/) });

/** The token comes before the subscription is verified, unsigned, because it is what Gusto will sign with. */
function setUp(body: string): SetUp | undefined {
  const { data } = verification.safeParse(parseJson(body));
  return data && { kind: "token", token: data.verification_token };
}

const employee = z.object({
  // Never `email`, which is a private one.
  work_email: z.string().nullish(),
  terminated: z.boolean().nullish(),
  terminations: boundedList(
    z.object({ effective_date: z.string(), active: z.boolean().optional() }),
  ).nullish(),
});

interface GustoEmployee {
  email: string | undefined;
  /** The last day of work; `undefined` if this employment has no end. */
  lastDay: string | undefined;
}

/** https://docs.gusto.com/app-integrations/reference/get-v1-employees */
function employeeQuestion(uuid: string, { url, token }: GustoSettings["api"]): Question {
  return {
    method: "GET",
    url: `${url}/v1/employees/${uuid}`,
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
  };
}

function readEmployee(answer: unknown): GustoEmployee | undefined {
  const { data } = employee.safeParse(answer);
  if (data === undefined) return undefined;
  return { email: data.work_email?.trim() || undefined, lastDay: lastDayOf(data) };
}

/**
 * The latest, because each earlier employment has an end too. One that is `active` has gone into effect, so of somebody who
 * is not terminated it is the end of an earlier employment.
 */
function lastDayOf({ terminated, terminations }: z.output<typeof employee>): string | undefined {
  const [latest] = (terminations ?? []).toSorted((one, other) =>
    one.effective_date < other.effective_date ? 1 : -1,
  );
  const isOver = latest?.active === true && terminated === false;
  return isOver ? undefined : latest?.effective_date;
}
