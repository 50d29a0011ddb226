import type {
  Fault as AnyFault,
  FaultPlan as AnyFaultPlan,
} from "@rollcall/simulated-service/planCombinators";
import type { ReceivedCall } from "../scimCallLog.ts";

export type Fault = AnyFault<UserFault, CallFault>;
export type FaultPlan = AnyFaultPlan<ReceivedCall, UserFault, CallFault>;

/**
 * The fault of one user, in a call about that user alone or in a bulk. `sent` is the id or user name in the call.
 */
export type UserFault = { sent: string } /**
 * Success is answered and nothing is changed. `claimed`: the answer shows the user as asked for. `stale`: as the user
 * still is. `noContent`: it shows nobody.
 */ & (
  | { kind: "silent"; answer: "claimed" | "stale" | "noContent" }
  /** An error is answered, and the user is not changed unless `takesEffect`. */
  | { kind: "error"; status: number; scimType?: string; detail?: string; takesEffect?: boolean }
  /** The result of a bulk does not mention the user, who is not changed unless `takesEffect`. */
  | { kind: "leftOut"; takesEffect?: boolean }
  /** The user is changed, and the answer shows the state before. */
  | { kind: "stale" }
);

export type CallFault =
  /** This is answered, and nothing is changed unless `takesEffect`. */
  | {
      kind: "response";
      takesEffect: boolean;
      status: number;
      headers: Readonly<Record<string, string>>;
      body: string;
    }
  /** The connection breaks without an answer. */
  | { kind: "reset"; takesEffect: boolean };

/** The functions below make faults of a whole call. A plan of `scimFaultPlans.ts` decides when they apply. */

/** Resets the connection: before the call takes effect, or after it, so that only the answer is lost. */
export function resetFault(when: "before" | "after"): Fault {
  return { call: { kind: "reset", takesEffect: when === "after" } };
}

/** Answers with any status, headers and body. */
export function responseFault(
  status: number,
  answer: { headers?: Readonly<Record<string, string>>; body?: string; takesEffect?: boolean } = {},
): Fault {
  const { headers = {}, body = "", takesEffect = false } = answer;
  return { call: { kind: "response", status, headers, body, takesEffect } };
}

/** Answers with a SCIM error. */
export function scimErrorFault(
  status: number,
  error: { scimType?: string; detail?: string; headers?: Readonly<Record<string, string>> } = {},
): Fault {
  const { headers = {}, scimType, detail = "A scripted fault." } = error;
  return responseFault(status, {
    headers: { "content-type": "application/scim+json", ...headers },
    body: JSON.stringify({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
      detail,
    }),
  });
}

/** Answers 429, with `Retry-After` in seconds or as a date, or without it. */
export function throttledFault(retryAfter?: number | Date): Fault {
  const value = retryAfter instanceof Date ? retryAfter.toUTCString() : retryAfter?.toString();
  return scimErrorFault(429, {
    detail: "Rate exceeded.",
    ...(value === undefined ? {} : { headers: { "retry-after": value } }),
  });
}

/** Answers as a web server does that knows no such route. */
export function htmlNotFoundFault(): Fault {
  return responseFault(404, {
    headers: { "content-type": "text/html; charset=utf-8" },
    body: htmlNotFound,
  });
}

export const htmlNotFound =
  "<!DOCTYPE html><html><head><title>404</title></head><body>Not Found</body></html>";

/** Redirects to another place. */
export function redirectFault(location: string, status: 301 | 302 | 307 | 308 = 307): Fault {
  return responseFault(status, { headers: { location } });
}
