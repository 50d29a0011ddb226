import { tokenBucket, whenever } from "@rollcall/simulated-service/planCombinators";
import type { CarriedUser, ReceivedCall } from "./callLog.ts";
import type { EmailStatus, InviteStatus, UserErrorCode } from "./chimeApi.ts";
import type { OperationName } from "./operationTable.ts";
import { exceptionFault, type Fault, type FaultPlan, type UserFault } from "./scriptedFault.ts";

/**
 * Fault plans can be combined: `when({ operation: "InviteUsers" }, nth(2, resetFault("after")))`. A plan that counts
 * holds its own count, so make a new one for each run. `nth` and its like are those of every simulated service.
 */

/** Selects calls: a call must match every field that is given. */
export interface CallMatch {
  operation?: ReceivedCall["operation"] | readonly OperationName[];
  accountId?: string;
  /** An id or address of a user whom the call carries. */
  carries?: string;
}

/** Asks `then` about matching calls only, so a plan that counts behind it counts matching calls. */
export function when(
  match: CallMatch | ((call: ReceivedCall) => boolean),
  then: FaultPlan | Fault,
): FaultPlan {
  const fits = typeof match === "function" ? match : (call: ReceivedCall) => fitsMatch(call, match);
  return whenever(fits, then);
}

function isUser(user: CarriedUser, idOrEmail: string): boolean {
  const sought = idOrEmail.toLowerCase();
  return [user.sent, user.id, user.email].some((name) => name?.toLowerCase() === sought);
}

function fitsMatch(call: ReceivedCall, { operation, accountId, carries }: CallMatch): boolean {
  const operations: readonly string[] = typeof operation === "string" ? [operation] : (operation ?? []);
  return (
    (operation === undefined || operations.includes(call.operation)) &&
    (accountId === undefined || call.accountId === accountId) &&
    (carries === undefined || call.users.some((user) => isUser(user, carries)))
  );
}

/** A `UserFault` without `sent`, which the plan fills in from the call. */
export type UserFaultKind = UserFault extends infer Fault
  ? Fault extends UserFault
    ? Omit<Fault, "sent">
    : never
  : never;

/** Asks for each user of each call; `undefined` lets the user pass. */
export function perUser(
  decide: (user: CarriedUser, call: ReceivedCall) => UserFaultKind | undefined,
): FaultPlan {
  return (call) => {
    const users = call.users.flatMap((user): UserFault[] => {
      const fault = decide(user, call);
      return fault === undefined ? [] : [{ ...fault, sent: user.sent }];
    });
    return users.length === 0 ? undefined : { users };
  };
}

/** Fails the user with `code` in every call that carries the user's id or address. */
export function userError(
  idOrEmail: string,
  code: UserErrorCode | (string & {}),
  more: { message?: string; takesEffect?: boolean } = {},
): FaultPlan {
  return perUser((user) => (isUser(user, idOrEmail) ? { kind: "userError", code, ...more } : undefined));
}

/** Gives the invitation of this address these statuses. Nobody is invited unless `takesEffect`. */
export function inviteResult(
  email: string,
  fault: { status: InviteStatus; emailStatus: EmailStatus; takesEffect?: boolean },
): FaultPlan {
  return perUser((user) => (isUser(user, email) ? { kind: "invite", ...fault } : undefined));
}

/** Leaves the user out of the answer. The user is not changed unless `takesEffect`. */
export function leftOut(idOrEmail: string, more: { takesEffect?: boolean } = {}): FaultPlan {
  return perUser((user) => (isUser(user, idOrEmail) ? { kind: "leftOut", ...more } : undefined));
}

/** The rate at which calls are accepted. Chime publishes none for these operations, so each test chooses its own. */
export interface RateLimit {
  callsPerSecond: number;
  /** How many calls are accepted at once after a pause. Default: one second's worth. */
  burst?: number;
  /** Sent as `Retry-After` with each refusal. Default: no such header. */
  retryAfterSeconds?: number;
}

/** Refuses calls above the rate with a 429: a token bucket on the simulator's clock. */
export function rateLimit({
  callsPerSecond,
  burst = callsPerSecond,
  retryAfterSeconds,
}: RateLimit): FaultPlan {
  const refusal = exceptionFault("ThrottledClientException", {
    message: `Rate exceeded: ${callsPerSecond} calls per second.`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
  return tokenBucket({ callsPerSecond, burst, refusal });
}
