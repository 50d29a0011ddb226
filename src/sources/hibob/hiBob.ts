import * as z from "zod";
import { nothing, type Reading, unusable } from "../reading.ts";
import { stableId } from "../stableId.ts";
import { toInstant } from "../vendorTime.ts";
import { hasSignature } from "../webhooks/signature.ts";
import { type SetUp, vendor } from "../webhooks/vendor.ts";
import { accessTypes, concludeNotice } from "./concludeNotice.ts";
import { type HiBobSettings, hiBobSettings } from "./hiBobSettings.ts";
import { personQuestion, readPerson } from "./readPerson.ts";

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
    return nothing("of a type that says nothing about access");
  const { data } = notice.safeParse(payload);
  const type = accessType.safeParse(data?.type);
  if (data === undefined || !type.success) return unusable("no webhook of HiBob's version 2");
  const { triggeredAt: occurredAt, companyId } = data;
  const { employeeId } = data.data;
  // There is no event id, and no timestamp in a header: what comes twice is known by its content alone.
  const eventId = stableId("hibob", [companyId, type.data, occurredAt, employeeId]);
  return {
    kind: "lookUp",
    question: personQuestion(employeeId, settings.api),
    conclude: (answer) => {
      const person = readPerson(answer);
      if (person === undefined) return unusable("HiBob's answer is no object");
      return concludeNotice({ type: type.data, eventId, employeeId, occurredAt }, person, settings);
    },
  };
}

/** Text or JSON, as the webhook is set up or tested. */
function setUp(body: string): SetUp | undefined {
  const isPing = /^\s*(?:"?Ping test"?|\{\s*"text"\s*:\s*"Ping test"\s*\})\s*$/.test(body);
  return isPing ? { kind: "ping" } : undefined;
}
