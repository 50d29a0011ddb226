import { type ExceptionName, exceptions } from "./exceptions.ts";
import type { ExceptionAnswer, Fault } from "./fault.ts";
import type { UserError } from "./vocabulary.ts";

/** Ready-made faults of a whole call. When they strike is the plan's business: see `faultPlans.ts`. */

/** The service refuses, by one of its exceptions; `answer` changes any part of it, down to a foreign name. */
export function exceptionFault(
  exception: ExceptionName,
  answer: Partial<ExceptionAnswer> & { takesEffect?: boolean } = {},
): Fault {
  const { status, code } = exceptions[exception];
  return {
    call: {
      kind: "exception",
      errorType: exception,
      status,
      code,
      message: "A scripted fault.",
      ...answer,
    },
  };
}

/** The connection breaks: before the call takes effect, or after it, so that only the answer is lost. */
export function resetFault(when: "before" | "after"): Fault {
  return { call: { kind: "reset", takesEffect: when === "after" } };
}

/** The call takes effect and answers with this text: `""`, `"null"`, `"{}"`, or no JSON at all. */
export function bodyFault(body: string, status?: number): Fault {
  return { call: { kind: "body", body, ...(status === undefined ? {} : { status }) } };
}

/** The call takes effect and lists these among its `UserErrors`, whoever they speak of. */
export function userErrorsFault(userErrors: readonly UserError[]): Fault {
  return { call: { kind: "userErrors", userErrors } };
}
