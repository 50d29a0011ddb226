import { combineFaults, type Fault, type FaultPlan } from "./fault.ts";
import type { OperationName } from "./operationTable.ts";
import type { CarriedUser, ReceivedCall } from "./receivedCall.ts";

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

export function isUser(user: CarriedUser, idOrEmail: string): boolean {
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
