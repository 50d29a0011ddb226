import { tokenBucket, whenever } from "@rollcall/simulated-service/planCombinators";
import { seededFraction } from "@rollcall/simulated-service/seededDraws";
import type { CarriedUser, OperationName, ReceivedCall } from "../scimCallLog.ts";
import { type Fault, type FaultPlan, throttledFault, type UserFault } from "./scriptedScimFault.ts";

/** Selects calls: a call must match every field that is given. */
export interface CallMatch {
  operation?: OperationName | readonly OperationName[];
  tenant?: string;
  /** An id or user name of somebody whom the call carries. */
  carries?: string;
}

/** Asks `then` about matching calls only, so a plan that counts behind it counts matching calls. */
export function when(match: CallMatch, then: FaultPlan | Fault): FaultPlan {
  return whenever((call: ReceivedCall) => fitsMatch(call, match), then);
}

function fitsMatch(call: ReceivedCall, { operation, tenant, carries }: CallMatch): boolean {
  const operations: readonly string[] = typeof operation === "string" ? [operation] : (operation ?? []);
  return (
    (operation === undefined || operations.includes(call.operation)) &&
    (tenant === undefined || call.tenant === tenant) &&
    (carries === undefined || call.users.some((user) => isUser(user, carries)))
  );
}

function isUser(user: CarriedUser, name: string): boolean {
  const sought = name.toLowerCase();
  return [user.sent, user.id, user.userName].some((known) => known?.toLowerCase() === sought);
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

/** Lets this user meet the fault in every call that carries the id or user name. */
export function forUser(name: string, fault: UserFaultKind): FaultPlan {
  return perUser((user) => (isUser(user, name) ? fault : undefined));
}

export interface SilentSuccesses {
  /** What the answers show; see `UserFault`. Default `noContent`. */
  answer?: "claimed" | "stale" | "noContent";
  /** One user in so many, always the same ones. Default 1: everybody. */
  oneIn?: number;
  /** Default: bulk operations and single ones alike. */
  only?: "bulk" | "single";
  /** Default: PATCH alone. */
  methods?: readonly string[];
}

/** Answers success and changes nothing. */
export function silentSuccesses({
  answer = "noContent",
  oneIn = 1,
  only,
  methods = ["PATCH"],
}: SilentSuccesses = {}): FaultPlan {
  return perUser(({ sent, method }, { operation }) => {
    if (only !== undefined && (operation === "bulk") !== (only === "bulk")) return undefined;
    const isDrawn = methods.includes(method) && seededFraction("silent", sent) < 1 / oneIn;
    return isDrawn ? { kind: "silent", answer } : undefined;
  });
}

export interface RateLimit {
  callsPerSecond: number;
  /** How many calls are accepted at once after a pause. Default: one second's worth. */
  burst?: number;
  /** Sent as `Retry-After` with each refusal. Default: no such header. */
  retryAfterSeconds?: number;
}

/** Refuses calls above the rate with a 429. */
export function rateLimit({ retryAfterSeconds, ...bucket }: RateLimit): FaultPlan {
  return tokenBucket({ ...bucket, refusal: throttledFault(retryAfterSeconds) });
}
