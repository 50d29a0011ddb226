import type { StackOptions } from "../stack/stack.ts";
import { type CallUp, callUpAfter } from "./callUp.ts";
import { busFaults } from "./faults/busFaults.ts";
import { type ChimeFaults, chimeFaults } from "./faults/chimeFaults.ts";
import { dynamoFaults } from "./faults/dynamoFaults.ts";
import { type Kill, killer } from "./faults/killer.ts";
import { countReceives, type Receives } from "./faults/receives.ts";
import { sqsFaults } from "./faults/sqsFaults.ts";

/** Everything that goes wrong in a run, ready to be put into a stack, and the record of it. */
export interface Disturbances {
  options: Required<Pick<StackOptions, "busFaults" | "dynamoFaults" | "sqsFaults" | "onInvocation">>;
  chime: ChimeFaults;
  kills: readonly Kill[];
  receives: Receives;
  callUp: CallUp["callUp"];
  invocations: () => number;
}

/** The longest that a message waits for its next try. In AWS the longest is a quarter of an hour. */
const longestBackOffSeconds = 20;

export function disturbances(seed: number): Disturbances {
  const death = killer(seed);
  const receives = countReceives();
  const backOffs = callUpAfter(longestBackOffSeconds);
  let invocations = 0;
  return {
    options: {
      busFaults: busFaults(seed),
      dynamoFaults: dynamoFaults(seed),
      sqsFaults: sqsFaults(seed),
      onInvocation: (started) => {
        invocations += 1;
        for (const { onInvocation } of [receives, backOffs, death]) onInvocation(started);
      },
    },
    chime: chimeFaults(seed, death.onCall),
    kills: death.kills,
    receives,
    callUp: backOffs.callUp,
    invocations: () => invocations,
  };
}
