import { combineFaults, type Fault, type FaultPlan } from "./fault.ts";
import { latency, together } from "./faultPlans.ts";
import type { ReceivedCall } from "./receivedCall.ts";

/** The fault plans in force, which a test may change between two calls. */
export interface FaultDesk {
  /** Adds a plan beside those in force; the returned function takes it away again. */
  add(plan: FaultPlan): () => void;
  /** Takes all plans away, also the one that the simulator was started with; its usual latency stays. */
  clear(): void;
}

export function createFaultDesk(
  usualLatency: number | ((call: ReceivedCall) => number),
  plan: FaultPlan | undefined,
): { desk: FaultDesk; decide: (call: ReceivedCall) => Fault } {
  const plans = new Set(plan === undefined ? [] : [plan]);
  const usual = latency(usualLatency);
  return {
    decide: (call) => together(usual, ...plans)(call) ?? combineFaults([]),
    desk: {
      add: (added) => {
        // A wrapper of its own, so that a plan that is added twice counts twice and is removed once.
        const entry: FaultPlan = (call) => added(call);
        plans.add(entry);
        return () => plans.delete(entry);
      },
      clear: () => plans.clear(),
    },
  };
}
