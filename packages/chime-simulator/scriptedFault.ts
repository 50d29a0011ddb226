import type { ReceivedCall } from "./callLog.ts";
import {
  type EmailStatus,
  type ExceptionName,
  exceptions,
  type InviteStatus,
  type UserError,
} from "./chimeApi.ts";

/**
 * The fault of one call. All fields are optional and can be combined: a call may be slow, fail for two users and lose
 * its answer.
 */
export interface Fault {
  /** How long the call waits before it is carried out. */
  delayMilliseconds?: number;
  /** Faults of single users; the rest of the call is carried out as usual. */
  users?: readonly UserFault[];
  /** The fault of the call as a whole. */
  call?: CallFault;
}

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

/** Chooses the fault of a call before it takes effect. `undefined` means no fault. */
export type FaultPlan = (call: ReceivedCall) => Fault | undefined;

/** Combines faults: delays add up. If two faults concern the same user, or the whole call, the first one wins. */
export function combineFaults(faults: readonly Fault[]): Fault {
  const call = faults.find((fault) => fault.call !== undefined)?.call;
  return {
    delayMilliseconds: faults.reduce((sum, fault) => sum + (fault.delayMilliseconds ?? 0), 0),
    users: faults.flatMap((fault) => fault.users ?? []),
    ...(call === undefined ? {} : { call }),
  };
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
