import type {
  Fault as AnyFault,
  FaultPlan as AnyFaultPlan,
} from "@rollcall/simulated-service/planCombinators";
import type { ReceivedCall } from "./callLog.ts";
import {
  type EmailStatus,
  type ExceptionName,
  exceptions,
  type InviteStatus,
  type UserError,
} from "./chimeApi.ts";

export type Fault = AnyFault<UserFault, CallFault>;
export type FaultPlan = AnyFaultPlan<ReceivedCall, UserFault, CallFault>;

/**
 * The fault of one user. `sent` is the id or address in the call. Unless `takesEffect`, the user is not changed, not
 * invited and gets no mail.
 */
export type UserFault = { sent: string; takesEffect?: boolean } & (
  | { kind: "userError"; code: string; message?: string }
  /** For InviteUsers. Other operations answer `ServiceFailure`. */
  | { kind: "invite"; status: InviteStatus; emailStatus: EmailStatus }
  /**
   * The answer does not mention the user. For an invitation the result is then unknown; for a suspension it means
   * success. An operation on one user ignores this fault.
   */
  | { kind: "leftOut" }
);

export type CallFault =
  /** The call is refused with this exception. */
  | ({ kind: "exception"; takesEffect?: boolean } & ExceptionAnswer)
  /** The connection breaks without an answer. */
  | { kind: "reset"; takesEffect: boolean }
  /** The call takes effect and answers with `body` as it is: no JSON, `null`, nothing. */
  | { kind: "body"; body: string; status?: number }
  /** The call takes effect and lists these besides its own errors: unknown users, entries without an id. */
  | { kind: "userErrors"; userErrors: readonly UserError[] };

/** The parts of an error response. */
export interface ExceptionAnswer {
  errorType: string;
  status: number;
  code: string;
  message: string;
  retryAfterSeconds?: number;
  /** Leaves out `x-amzn-errortype`, so that the SDK must name the error from the body. */
  withoutErrorTypeHeader?: boolean;
}

/** The functions below make faults of a whole call. A plan of `faultPlans.ts` decides when they apply. */

/** Refuses the call with one of the service's exceptions. `answer` may change any part of it, even the name. */
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

/** Resets the connection: before the call takes effect, or after it, so that only the answer is lost. */
export function resetFault(when: "before" | "after"): Fault {
  return { call: { kind: "reset", takesEffect: when === "after" } };
}

/** Lets the call take effect and answers with this text: `""`, `"null"`, `"{}"`, or no JSON at all. */
export function bodyFault(body: string, status?: number): Fault {
  return { call: { kind: "body", body, ...(status === undefined ? {} : { status }) } };
}

/** Lets the call take effect and lists these among its `UserErrors`, even for users whom the call does not carry. */
export function userErrorsFault(userErrors: readonly UserError[]): Fault {
  return { call: { kind: "userErrors", userErrors } };
}
