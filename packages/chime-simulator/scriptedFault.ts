import type { ReceivedCall } from "./callLog.ts";
import {
  type EmailStatus,
  type ExceptionName,
  exceptions,
  type InviteStatus,
  type UserError,
} from "./chimeApi.ts";

/**
 * What goes wrong with one call. Everything is optional and everything combines: a call may be slow, fail for
 * two of its users and lose its answer.
 */
export interface Fault {
  /** Time before the call is looked at, as if it had waited in the service. */
  delayMilliseconds?: number;
  /** What happens to single users; the rest of the call goes on as usual. */
  users?: readonly UserFault[];
  /** What happens to the call as a whole. */
  call?: CallFault;
}

/**
 * `sent` is the user id or the address as the call carries it. Unless `takesEffect`, nothing happens to that
 * user: no suspension, no license, no invitation and no mail.
 */
export type UserFault = { sent: string; takesEffect?: boolean } & (
  | { kind: "userError"; code: string; message?: string }
  /** For InviteUsers; other operations take it for a `ServiceFailure`. */
  | { kind: "invite"; status: InviteStatus; emailStatus: EmailStatus }
  /**
   * The answer does not mention the user: for an invitation unknown, for a suspension as good as a success.
   * An operation on one user has nothing to leave out, and goes on as usual.
   */
  | { kind: "leftOut" }
);

export type CallFault =
  /** Refused, in the service's words or in any other. */
  | ({ kind: "exception"; takesEffect?: boolean } & ExceptionAnswer)
  /** The connection breaks without an answer. */
  | { kind: "reset"; takesEffect: boolean }
  /** Takes effect, and answers with `body` as it stands: no JSON, `null`, nothing. */
  | { kind: "body"; body: string; status?: number }
  /** Takes effect, and lists these beside its own errors: strangers, entries without an id. */
  | { kind: "userErrors"; userErrors: readonly UserError[] };

/** The parts of an error's answer. */
export interface ExceptionAnswer {
  errorType: string;
  status: number;
  code: string;
  message: string;
  retryAfterSeconds?: number;
  /** Leaves out `x-amzn-errortype`, so that the SDK has to name the error by the body. */
  withoutErrorTypeHeader?: boolean;
}

/** Decides about a call before it takes effect. `undefined`: nothing goes wrong. */
export type FaultPlan = (call: ReceivedCall) => Fault | undefined;

/** All of them at once: delays add up; where two speak of one user, or of the whole call, the first one wins. */
export function combineFaults(faults: readonly Fault[]): Fault {
  const call = faults.find((fault) => fault.call !== undefined)?.call;
  return {
    delayMilliseconds: faults.reduce((sum, fault) => sum + (fault.delayMilliseconds ?? 0), 0),
    users: faults.flatMap((fault) => fault.users ?? []),
    ...(call === undefined ? {} : { call }),
  };
}

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
