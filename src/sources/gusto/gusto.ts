import * as z from "zod";
import { parseJson } from "../../events/parseJson.ts";
import { nothing, type Reading, unusable } from "../reading.ts";
import { toInstant } from "../vendorTime.ts";
import { hasSignature } from "../webhooks/signature.ts";
import { type SetUp, vendor } from "../webhooks/vendor.ts";
import { concludeNotice, meanings } from "./concludeNotice.ts";
import { employeeQuestion, readEmployee } from "./gustoEmployee.ts";
import { type GustoSettings, gustoSettings } from "./gustoSettings.ts";

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
    return nothing("of a type that says nothing about access");
  const { data } = notice.safeParse(payload);
  const meaning = meanings[type ?? ""];
  if (data === undefined || meaning === undefined) return unusable("no webhook of Gusto about an employee");
  const { uuid, entity_uuid: employeeId, timestamp: occurredAt } = data;
  return {
    kind: "lookUp",
    question: employeeQuestion(employeeId, settings.api),
    conclude: (answer) => {
      const employee = readEmployee(answer);
      if (employee === undefined) return unusable("Gusto's answer is no employee");
      return concludeNotice(
        { meaning, eventId: `gusto-${uuid}`, employeeId, occurredAt },
        employee,
        settings,
      );
    },
  };
}

const verification = z.object({ verification_token: z.string().regex(/^[\w-]{16,200}$/) });

/** The token comes before the subscription is verified, unsigned, because it is what Gusto will sign with. */
function setUp(body: string): SetUp | undefined {
  const { data } = verification.safeParse(parseJson(body));
  return data && { kind: "token", token: data.verification_token };
}
