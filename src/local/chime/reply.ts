import { exceptions, type Refusal } from "./exceptions.ts";
import type { CallFault, ExceptionAnswer } from "./fault.ts";
import type { Answered } from "./perform.ts";
import type { UserError } from "./vocabulary.ts";

/** What goes back over the wire. */
export type Reply =
  | {
      kind: "response";
      status: number;
      headers: Record<string, string>;
      body: string;
      errorType?: string;
      userErrors: readonly UserError[];
    }
  | { kind: "reset" };

export function replyRefusal({ exception, message }: Refusal): Reply {
  return replyException({ errorType: exception, ...exceptions[exception], message });
}

/** The service always names an error in the header and again in the body. */
export function replyException(answer: ExceptionAnswer): Reply {
  const { errorType, status, code, message, retryAfterSeconds, withoutErrorTypeHeader } = answer;
  return {
    kind: "response",
    status,
    headers: {
      ...(withoutErrorTypeHeader ? {} : { "x-amzn-errortype": errorType }),
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ Code: code, Message: message }),
    errorType,
    userErrors: [],
  };
}

/** The reply to a call that took effect, as `fault` leaves it. */
export function replyAnswered(
  answered: Answered,
  successStatus: number,
  fault: CallFault | undefined,
): Reply {
  const { body, userErrors = [] } = answered;
  const response = { kind: "response", status: successStatus, headers: {}, userErrors } as const;
  if (fault === undefined) return { ...response, body: body === undefined ? "" : JSON.stringify(body) };
  switch (fault.kind) {
    case "exception":
      return replyException(fault);
    case "reset":
      return { kind: "reset" };
    case "body":
      return { ...response, status: fault.status ?? successStatus, body: fault.body, userErrors: [] };
    case "userErrors": {
      const all = [...userErrors, ...fault.userErrors];
      return { ...response, body: JSON.stringify({ ...body, UserErrors: all }), userErrors: all };
    }
  }
}
