import type { ReceivedCall } from "../chime/receivedCall.ts";
import type { StackOptions } from "../stack/stack.ts";
import { busFaults } from "./faults/busFaults.ts";
import { type ChimeFaults, chimeFaults } from "./faults/chimeFaults.ts";
import { dynamoFaults } from "./faults/dynamoFaults.ts";
import { type Kill, killer } from "./faults/killer.ts";
import { countReceives, type Receives } from "./faults/receives.ts";
import { sqsFaults } from "./faults/sqsFaults.ts";

/** Everything that goes wrong in a run, ready to be put into a stack, and the record of it. */
export interface Disturbances {
  options: Pick<StackOptions, "busFaults" | "dynamoFaults" | "sqsFaults"> &
    Required<Pick<StackOptions, "onInvocation">>;
  chime: ChimeFaults;
  kills: readonly Kill[];
  receives: Receives;
  invocations: () => number;
}

export function disturbances(seed: number): Disturbances {
  const { onInvocation, onCall, kills } = killer(seed);
  const receives = countReceives();
  let invocations = 0;
  return {
    options: {
      busFaults: busFaults(seed),
      dynamoFaults: dynamoFaults(seed),
      sqsFaults: sqsFaults(seed),
      onInvocation: (started) => {
        invocations += 1;
        receives.onInvocation(started);
        onInvocation(started);
      },
    },
    chime: chimeFaults(seed, (call: ReceivedCall) => onCall(call)),
    kills,
    receives,
    invocations: () => invocations,
  };
}
