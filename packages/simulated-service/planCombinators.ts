import { type Seed, seededFraction } from "./seededDraws.ts";

/**
 * The fault of one call. All fields are optional and can be combined: a call may be slow, fail for two users and lose
 * its answer. What a fault of a user or of the whole call is, the simulated service says.
 */
export interface Fault<UserFault, CallFault> {
  /** How long the call waits before it is carried out. */
  delayMilliseconds?: number;
  /** Faults of single users; the rest of the call is carried out as usual. */
  users?: readonly UserFault[];
  /** The fault of the call as a whole. */
  call?: CallFault;
}

/** Chooses the fault of a call before it takes effect. `undefined` means no fault. */
export type FaultPlan<Call, UserFault, CallFault> = (call: Call) => Fault<UserFault, CallFault> | undefined;

type PlanOrFault<Call, UserFault, CallFault> =
  | FaultPlan<Call, UserFault, CallFault>
  | Fault<UserFault, CallFault>;

/** Combines faults: delays add up. If two faults concern the same user, or the whole call, the first one wins. */
export function combineFaults<UserFault, CallFault>(
  faults: readonly Fault<UserFault, CallFault>[],
): Fault<UserFault, CallFault> {
  const call = faults.find((fault) => fault.call !== undefined)?.call;
  return {
    delayMilliseconds: faults.reduce((sum, fault) => sum + (fault.delayMilliseconds ?? 0), 0),
    users: faults.flatMap((fault) => fault.users ?? []),
    ...(call === undefined ? {} : { call }),
  };
}

/** Plans can be combined: `nth(2, lost)`. A plan that counts holds its own count, so make a new one for each run. */

/** Asks `then` about fitting calls only, so a plan that counts behind it counts fitting calls. */
export function whenever<Call, UserFault, CallFault>(
  fits: (call: Call) => boolean,
  then: PlanOrFault<Call, UserFault, CallFault>,
): FaultPlan<Call, UserFault, CallFault> {
  const plan = toPlan(then);
  return (call) => (fits(call) ? plan(call) : undefined);
}

/** Returns the fault for the `k`-th call that it is asked about, from 1, and for no other. */
export function nth<Call, UserFault, CallFault>(
  k: number,
  then: PlanOrFault<Call, UserFault, CallFault>,
): FaultPlan<Call, UserFault, CallFault> {
  const plan = toPlan(then);
  let asked = 0;
  return (call) => {
    asked += 1;
    return asked === k ? plan(call) : undefined;
  };
}

/** Returns the fault `count` times and then never again. Calls that the inner plan lets pass do not count. */
export function times<Call, UserFault, CallFault>(
  count: number,
  then: PlanOrFault<Call, UserFault, CallFault>,
): FaultPlan<Call, UserFault, CallFault> {
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
export function together<Call, UserFault, CallFault>(
  ...plans: readonly PlanOrFault<Call, UserFault, CallFault>[]
): FaultPlan<Call, UserFault, CallFault> {
  const all = plans.map(toPlan);
  return (call) => {
    const faults = all.map((plan) => plan(call)).filter((fault) => fault !== undefined);
    return faults.length === 0 ? undefined : combineFaults(faults);
  };
}

/** Delays every call by a fixed time, or by a function of the call. */
export function latency<Call>(
  milliseconds: number | ((call: Call) => number),
): FaultPlan<Call, never, never> {
  return (call) => ({
    delayMilliseconds: typeof milliseconds === "number" ? milliseconds : milliseconds(call),
  });
}

function toPlan<Call, UserFault, CallFault>(
  plan: PlanOrFault<Call, UserFault, CallFault>,
): FaultPlan<Call, UserFault, CallFault> {
  return typeof plan === "function" ? plan : () => plan;
}

/** A fault and its probability, from 0 to 1. */
export interface Odds<SomeFault> {
  probability: number;
  fault: SomeFault;
}

/** Returns the fault that a draw in [0, 1) selects, or `undefined` if it selects none. */
export function drawFault<SomeFault>(odds: readonly Odds<SomeFault>[], draw: number): SomeFault | undefined {
  let left = draw;
  for (const { probability, fault } of odds) {
    if (left < probability) return fault;
    left -= probability;
  }
  return undefined;
}

interface RandomFaults<Call, SomeFault> {
  seed: Seed;
  /** Probabilities for each call, at most 1 in total; the remaining calls pass. */
  odds: readonly Odds<SomeFault>[];
  /**
   * What a call's draw depends on besides the seed. Default: the call's number, so the n-th call of every run meets
   * the same fault. Under concurrency the order of arrival varies, so name the call by its content.
   */
  drawBy?: (call: Call) => string;
}

/**
 * Draws one fault at most for each call.
 * @throws if a probability is negative, or if together they exceed 1.
 */
export function randomFaults<Call extends { sequence: number }, UserFault, CallFault>({
  seed,
  odds,
  drawBy = ({ sequence }) => String(sequence),
}: RandomFaults<Call, Fault<UserFault, CallFault>>): FaultPlan<Call, UserFault, CallFault> {
  const total = odds.reduce((sum, { probability }) => sum + probability, 0);
  // The margin is for floating point: ten times 0.1 exceeds 1.
  if (odds.some(({ probability }) => !(probability >= 0)) || total > 1 + 1e-9) {
    throw new Error(`Expected probabilities of 0 or more, 1 in total at most, got a total of ${total}.`);
  }
  return (call) => drawFault(odds, seededFraction(seed, drawBy(call)));
}

export interface TokenBucket<SomeFault> {
  callsPerSecond: number;
  /** How many calls are accepted at once after a pause. Default: one second's worth. */
  burst?: number;
  /** The fault of a call above the rate. */
  refusal: SomeFault;
}

/** Refuses calls above the rate: a token bucket on the simulator's clock, which each call's `at` tells. */
export function tokenBucket<Call extends { at: number }, UserFault, CallFault>({
  callsPerSecond,
  burst = callsPerSecond,
  refusal,
}: TokenBucket<Fault<UserFault, CallFault>>): FaultPlan<Call, UserFault, CallFault> {
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
