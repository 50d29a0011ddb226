import { combineFaults, type Fault, type FaultPlan, latency, together } from "./planCombinators.ts";

/** The fault plans in force, which a test may change between two calls. */
export interface FaultControl<Call, UserFault, CallFault> {
  /** Adds a plan to those in force. The returned function removes it. */
  add(plan: FaultPlan<Call, UserFault, CallFault>): () => void;
  /** Removes all plans, the one from the start included. The usual latency stays. */
  clear(): void;
}

/** Opens the control, and the function that a simulator asks about each call. */
export function openFaultControl<Call, UserFault, CallFault>(
  usualLatency: number | ((call: Call) => number),
  plan: FaultPlan<Call, UserFault, CallFault> | undefined,
): {
  control: FaultControl<Call, UserFault, CallFault>;
  decide: (call: Call) => Fault<UserFault, CallFault>;
} {
  const plans = new Set(plan === undefined ? [] : [plan]);
  const usual: FaultPlan<Call, UserFault, CallFault> = latency(usualLatency);
  return {
    decide: (call) => together(usual, ...plans)(call) ?? combineFaults([]),
    control: {
      add: (added) => {
        // The wrapper is new each time, so a plan that is added twice counts twice and is removed once.
        const entry: FaultPlan<Call, UserFault, CallFault> = (call) => added(call);
        plans.add(entry);
        return () => plans.delete(entry);
      },
      clear: () => plans.clear(),
    },
  };
}
