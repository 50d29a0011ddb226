import type { CarriedUser, ReceivedCall } from "./callLog.ts";
import type { EmailStatus, InviteStatus, UserErrorCode } from "./chimeApi.ts";
import type { OperationName } from "./operationTable.ts";
import {
  combineFaults,
  exceptionFault,
  type Fault,
  type FaultPlan,
  type UserFault,
} from "./scriptedFault.ts";
import { type Seed, seededFraction } from "./seededValues.ts";

/**
 * Fault plans can be combined: `when({ operation: "InviteUsers" }, nth(2, resetFault("after")))`. A plan that counts
 * holds its own count, so make a new one for each run.
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
  const plan = toPlan(then);
  return (call) => (fits(call) ? plan(call) : undefined);
}

/** Returns the fault for the `k`-th call that it is asked about, from 1, and for no other. */
export function nth(k: number, then: FaultPlan | Fault): FaultPlan {
  const plan = toPlan(then);
  let asked = 0;
  return (call) => {
    asked += 1;
    return asked === k ? plan(call) : undefined;
  };
}

/** Returns the fault `count` times and then never again. Calls that the inner plan lets pass do not count. */
export function times(count: number, then: FaultPlan | Fault): FaultPlan {
  const plan = toPlan(then);
  let struck = 0;
  return (call) => {
    if (struck >= count) return undefined;
    const fault = plan(call);
    if (fault !== undefined) struck += 1;
    return fault;
  };
}

/**
 * Combines plans. Each one is asked about every call, so that none miscounts because another returned a fault first.
 */
export function together(...plans: readonly (FaultPlan | Fault)[]): FaultPlan {
  const all = plans.map(toPlan);
  return (call) => {
    const faults = all.map((plan) => plan(call)).filter((fault) => fault !== undefined);
    return faults.length === 0 ? undefined : combineFaults(faults);
  };
}

/** Delays every call by a fixed time, or by a function of the call. */
export function latency(milliseconds: number | ((call: ReceivedCall) => number)): FaultPlan {
  return (call) => ({
    delayMilliseconds: typeof milliseconds === "number" ? milliseconds : milliseconds(call),
  });
}

function isUser(user: CarriedUser, idOrEmail: string): boolean {
  const sought = idOrEmail.toLowerCase();
  return [user.sent, user.id, user.email].some((name) => name?.toLowerCase() === sought);
}

function toPlan(plan: FaultPlan | Fault): FaultPlan {
  return typeof plan === "function" ? plan : () => plan;
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

export interface RandomFaults {
  seed: Seed;
  /** Probabilities for each call, at most 1 in total; the remaining calls pass. */
  odds: readonly Odds[];
  /**
   * What a call's draw depends on besides the seed. Default: the call's number, so the n-th call of every run meets
   * the same fault. Under concurrency the order of arrival varies, so name the call by its content.
   */
  drawBy?: (call: ReceivedCall) => string;
}

/**
 * Draws one fault at most for each call.
 * @throws if a probability is negative, or if together they exceed 1.
 */
export function randomFaults({
  seed,
  odds,
  drawBy = ({ sequence }) => String(sequence),
}: RandomFaults): FaultPlan {
  const total = odds.reduce((sum, { probability }) => sum + probability, 0);
  // The margin is for floating point: ten times 0.1 exceeds 1.
  if (odds.some(({ probability }) => !(probability >= 0)) || total > 1 + 1e-9) {
    throw new Error(`Expected probabilities of 0 or more, 1 in total at most, got a total of ${total}.`);
  }
  return (call) => drawFault(odds, seededFraction(seed, drawBy(call)));
}

/** A fault and its probability, from 0 to 1. */
export interface Odds {
  probability: number;
  fault: Fault;
}

/** Returns the fault that a draw in [0, 1) selects, or `undefined` if it selects none. */
export function drawFault(odds: readonly Odds[], draw: number): Fault | undefined {
  let left = draw;
  for (const { probability, fault } of odds) {
    if (left < probability) return fault;
    left -= probability;
  }
  return undefined;
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
  let tokens = burst;
  let filledAt: number | undefined;
  return ({ at }) => {
    const elapsedSeconds = Math.max(0, at - (filledAt ?? at)) / 1000;
    filledAt = at;
    tokens = Math.min(burst, tokens + elapsedSeconds * callsPerSecond);
    if (tokens < 1) return refusal;
    tokens -= 1;
    return undefined;
  };
}
