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
 * Plans that combine: `when({ operation: "InviteUsers" }, nth(2, resetFault("after")))`. Plans that count hold
 * their count themselves, so make a new one for each run.
 */

/** Which calls a plan is asked about; a call must fit all that is given. */
export interface CallMatch {
  operation?: ReceivedCall["operation"] | readonly OperationName[];
  accountId?: string;
  /** An id or address of a user whom the call carries. */
  carries?: string;
}

/** Asks `then` about the calls that fit, and only about those: what counts behind it counts fitting calls. */
export function when(
  match: CallMatch | ((call: ReceivedCall) => boolean),
  then: FaultPlan | Fault,
): FaultPlan {
  const fits = typeof match === "function" ? match : (call: ReceivedCall) => fitsMatch(call, match);
  const plan = toPlan(then);
  return (call) => (fits(call) ? plan(call) : undefined);
}

/** Strikes the `k`-th call that it is asked about, from 1, and no other. */
export function nth(k: number, then: FaultPlan | Fault): FaultPlan {
  const plan = toPlan(then);
  let asked = 0;
  return (call) => {
    asked += 1;
    return asked === k ? plan(call) : undefined;
  };
}

/** Strikes `count` times and then never again. Calls that the plan behind it lets pass are not counted. */
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

/** All plans at once. Each is asked about every call, so that none miscounts because another struck first. */
export function together(...plans: readonly (FaultPlan | Fault)[]): FaultPlan {
  const all = plans.map(toPlan);
  return (call) => {
    const faults = all.map((plan) => plan(call)).filter((fault) => fault !== undefined);
    return faults.length === 0 ? undefined : combineFaults(faults);
  };
}

/** Waiting time of every call, or as a function of the call. */
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

/** What befalls a user: a `UserFault` without the name that the call uses, which the plan fills in. */
export type UserFaultKind = UserFault extends infer Fault
  ? Fault extends UserFault
    ? Omit<Fault, "sent">
    : never
  : never;

/** Decides for each user of each call; `undefined` lets the user pass. */
export function perUser(
  decide: (user: CarriedUser, call: ReceivedCall) => UserFaultKind | undefined,
): FaultPlan {
  return (call) => {
    const users = call.users.flatMap((user): UserFault[] => {
      const fate = decide(user, call);
      return fate === undefined ? [] : [{ ...fate, sent: user.sent }];
    });
    return users.length === 0 ? undefined : { users };
  };
}

/** The user fails with `code` in every call that carries the user's id or address. */
export function userError(
  idOrEmail: string,
  code: UserErrorCode | (string & {}),
  more: { message?: string; takesEffect?: boolean } = {},
): FaultPlan {
  return perUser((user) => (isUser(user, idOrEmail) ? { kind: "userError", code, ...more } : undefined));
}

/** The invitation of this address ends with these statuses; nobody is invited, unless `takesEffect`. */
export function inviteResult(
  email: string,
  fate: { status: InviteStatus; emailStatus: EmailStatus; takesEffect?: boolean },
): FaultPlan {
  return perUser((user) => (isUser(user, email) ? { kind: "invite", ...fate } : undefined));
}

/** The answer does not mention the user; nothing happens to the user, unless `takesEffect`. */
export function leftOut(idOrEmail: string, more: { takesEffect?: boolean } = {}): FaultPlan {
  return perUser((user) => (isUser(user, idOrEmail) ? { kind: "leftOut", ...more } : undefined));
}

export interface RandomFaults {
  seed: Seed;
  /** Shares of all calls, 1 in total at most; the rest passes. */
  odds: readonly Odds[];
  /**
   * What a call's draw follows from, beside the seed. Default: its number, so that the n-th call of every run
   * meets the same fate. Under concurrency the order of arrival varies; name the call by its content there.
   */
  drawBy?: (call: ReceivedCall) => string;
}

/**
 * One draw a call, over all the odds.
 * @throws if a probability is negative, or if together they exceed 1.
 */
export function randomFaults({
  seed,
  odds,
  drawBy = ({ sequence }) => String(sequence),
}: RandomFaults): FaultPlan {
  const total = odds.reduce((sum, { probability }) => sum + probability, 0);
  // A little room: ten times 0.1 exceeds 1 in floating point.
  if (odds.some(({ probability }) => !(probability >= 0)) || total > 1 + 1e-9) {
    throw new Error(`Expected probabilities of 0 or more, 1 in total at most, got a total of ${total}.`);
  }
  return (call) => drawFault(odds, seededFraction(seed, drawBy(call)));
}

/** A fault, and in which share of the draws it strikes: 0 to 1. */
export interface Odds {
  probability: number;
  fault: Fault;
}

/** The fault on which a draw falls, of faults that stand in a row; `undefined` behind the last. `draw` in [0, 1). */
export function drawFault(odds: readonly Odds[], draw: number): Fault | undefined {
  let left = draw;
  for (const { probability, fault } of odds) {
    if (left < probability) return fault;
    left -= probability;
  }
  return undefined;
}

/** Chime publishes no rate for these operations, so each number here is a test's own. */
export interface RateLimit {
  callsPerSecond: number;
  /** Calls that a rested service takes at once. Default: one second's worth. */
  burst?: number;
  /** Sent as `Retry-After` with each refusal. Default: no such header. */
  retryAfterSeconds?: number;
}

/** Refuses with 429 what exceeds the rate: a token bucket that follows the simulator's clock. */
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
