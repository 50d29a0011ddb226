import type { CallFault } from "./faults/scriptedScimFault.ts";
import { type Answer, type Refusal, toErrorBody } from "./operations/answers.ts";
import { standardBehavior, type TenantBehavior } from "./tenants/tenantBehavior.ts";

/** A reply is an HTTP response, or a connection that is reset. */
export type Reply =
  | { kind: "response"; status: number; headers: Readonly<Record<string, string>>; body: string }
  | { kind: "reset" };

/** Replies with what the fault of the call says. */
export function replyFault(fault: CallFault): Reply {
  return fault.kind === "reset" ? { kind: "reset" } : { ...fault, kind: "response" };
}

/** Replies with an answer, in the form that the tenant's behavior says. */
export function replyAnswer(answer: Answer, behavior: TenantBehavior = standardBehavior): Reply {
  const { contentType } = behavior.users;
  const type = contentType === "none" ? {} : { "content-type": contentType };
  switch (answer.kind) {
    case "answered": {
      const { status, body, location } = answer;
      return {
        kind: "response",
        status,
        headers: {
          ...(body === undefined ? {} : type),
          ...(location === undefined ? {} : { location }),
        },
        body: body === undefined ? "" : JSON.stringify(body),
      };
    }
    case "text":
      return {
        kind: "response",
        status: answer.status,
        headers: { "content-type": answer.contentType },
        body: answer.text,
      };
    case "refused":
      return replyRefusal(answer, behavior.errors.form, type);
  }
}

function replyRefusal(
  refusal: Refusal,
  form: TenantBehavior["errors"]["form"],
  type: Readonly<Record<string, string>>,
): Reply {
  const { status, detail } = refusal;
  const challenge = status === 401 ? { "www-authenticate": "Bearer" } : {};
  const body = toErrorBody(refusal);
  const reply = { kind: "response", status, headers: { ...type, ...challenge } } as const;
  switch (form) {
    case "scim":
      return { ...reply, body: JSON.stringify(body) };
    case "numericStatus":
      return { ...reply, body: JSON.stringify({ ...body, status }) };
    case "wrapped":
      return { ...reply, body: JSON.stringify({ error: { response: body } }) };
    case "text":
      return { ...reply, headers: { ...challenge, "content-type": "text/plain" }, body: detail };
    case "empty":
      return { ...reply, headers: challenge, body: "" };
  }
}
