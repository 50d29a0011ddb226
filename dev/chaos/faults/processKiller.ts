import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import type { ReceivedCall } from "@rollcall/chime-simulator/callLog";
import { type Seed, seededFraction } from "@rollcall/chime-simulator/seededValues";
import { pipelines } from "../../../src/pipelines.ts";

/** A process that was killed during an invocation. Times are milliseconds since the epoch. */
export interface Kill {
  functionName: string;
  startedAt: number;
  killedAt: number;
}

export interface ProcessKiller {
  onInvocation: (started: StartedInvocation) => void;
  onCall: (call: ReceivedCall) => void;
  kills: readonly Kill[];
}

interface Victim {
  functionName: string;
  kill: PlannedKill;
  strike: () => void;
  /**
   * Calls of the function's operations that reached Chime since the invocation started, those of concurrent
   * invocations included.
   */
  calls: number;
}

/** Kills processes with SIGKILL as `plannedKill` says. A process that has ended before is left alone. */
export function processKiller(seed: Seed): ProcessKiller {
  const invocations = new Map<string, number>();
  const victims = new Set<Victim>();
  const kills: Kill[] = [];
  return {
    kills,
    onInvocation: ({ functionName, pid, ended }) => {
      const nth = (invocations.get(functionName) ?? 0) + 1;
      invocations.set(functionName, nth);
      const planned = plannedKill(seed, functionName, nth);
      if (planned === undefined || pid === undefined) return;
      const startedAt = Date.now();
      const strike = () => {
        if (victims.delete(victim) && end(pid)) kills.push({ functionName, startedAt, killedAt: Date.now() });
      };
      const victim: Victim = { functionName, kill: planned, strike, calls: 0 };
      victims.add(victim);
      void ended.then(() => victims.delete(victim));
      if (planned.kind === "afterStart") setTimeout(strike, planned.milliseconds);
    },
    onCall: ({ operation }) => {
      for (const victim of victims) {
        if (victim.kill.kind !== "afterCall" || !changes(victim.functionName, operation)) continue;
        victim.calls += 1;
        if (victim.calls === victim.kill.nth) setTimeout(victim.strike, victim.kill.milliseconds);
      }
    },
  };
}

/** Kills a process. Returns false if it has just ended by itself, for example at its timeout. */
function end(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/** Says whether the function changes the directory by this operation. */
export function changes(functionName: string, operation: string): boolean {
  const pipeline = Object.values(pipelines).find(({ intent }) => functionName.endsWith(`-${intent}`));
  const { operations = [] }: { operations?: readonly string[] } = pipeline ?? {};
  return operations.includes(operation) && !isLookUp(operation);
}

function isLookUp(operation: string): boolean {
  return operation === "ListUsers" || operation === "GetAccount";
}

/** When the process of an invocation is killed. */
export type PlannedKill =
  /** So long after the invocation started. */
  | { kind: "afterStart"; milliseconds: number }
  /**
   * So long after the `nth` call that changes the directory, from 1, reached Chime: during the call or during the
   * work after it.
   */
  | { kind: "afterCall"; nth: number; milliseconds: number };

/** Returns when the `nth` invocation of a function, from 1, is killed: one in five. */
export function plannedKill(seed: Seed, functionName: string, nth: number): PlannedKill | undefined {
  const label = `kill ${functionName} ${nth}`;
  if (seededFraction(seed, label) >= 0.2) return undefined;
  const draw = (what: string, below: number) => Math.floor(seededFraction(seed, `${label} ${what}`) * below);
  return draw("kind", 3) === 0
    ? { kind: "afterStart", milliseconds: draw("milliseconds", 1500) }
    : { kind: "afterCall", nth: 1 + draw("nth", 2), milliseconds: draw("milliseconds", 600) };
}
