import { pipelines } from "../../../pipelines.ts";
import type { ReceivedCall } from "../../chime/receivedCall.ts";
import type { Seed } from "../../chime/seededValues.ts";
import type { StartedInvocation } from "../../lambda/startLambda.ts";
import { type Blow, blow } from "./blows.ts";

/** A process that was killed in the middle of an invocation. Milliseconds since the epoch. */
export interface Kill {
  functionName: string;
  startedAt: number;
  killedAt: number;
}

export interface Killer {
  onInvocation: (started: StartedInvocation) => void;
  onCall: (call: ReceivedCall) => void;
  kills: readonly Kill[];
}

interface Victim {
  functionName: string;
  blow: Blow;
  strike: () => void;
  /** Calls of its function's kind that reached Chime since it was started: its own, or those of the one beside it. */
  calls: number;
}

/** Kills processes with SIGKILL as `blow` says. One that has come to its end before is spared. */
export function killer(seed: Seed): Killer {
  const invocations = new Map<string, number>();
  const victims = new Set<Victim>();
  const kills: Kill[] = [];
  return {
    kills,
    onInvocation: ({ functionName, pid, ended }) => {
      const nth = (invocations.get(functionName) ?? 0) + 1;
      invocations.set(functionName, nth);
      const fallen = blow(seed, functionName, nth);
      if (fallen === undefined || pid === undefined) return;
      const startedAt = Date.now();
      const strike = () => {
        if (victims.delete(victim) && end(pid)) kills.push({ functionName, startedAt, killedAt: Date.now() });
      };
      const victim: Victim = { functionName, blow: fallen, strike, calls: 0 };
      victims.add(victim);
      void ended.then(() => victims.delete(victim));
      if (fallen.kind === "afterStart") setTimeout(strike, fallen.milliseconds);
    },
    onCall: ({ operation }) => {
      for (const victim of victims) {
        if (victim.blow.kind !== "afterCall" || !changes(victim.functionName, operation)) continue;
        victim.calls += 1;
        if (victim.calls === victim.blow.nth) setTimeout(victim.strike, victim.blow.milliseconds);
      }
    },
  };
}

/** False for a process that has just ended by itself, at its timeout for one. */
function end(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/** Whether the function is one of those that change the directory by this operation. */
export function changes(functionName: string, operation: string): boolean {
  const pipeline = Object.values(pipelines).find(({ intent }) => functionName.endsWith(`-${intent}`));
  const { operations = [] }: { operations?: readonly string[] } = pipeline ?? {};
  return operations.includes(operation) && !isLook(operation);
}

function isLook(operation: string): boolean {
  return operation === "ListUsers" || operation === "GetAccount";
}
