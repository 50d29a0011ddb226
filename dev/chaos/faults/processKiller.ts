import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import type { ReceivedCall } from "@rollcall/chime-simulator/callLog";
import { type Seed, seededFraction } from "@rollcall/chime-simulator/seededValues";
import { pipelines } from "../../../src/pipelines.ts";

/** A process that was killed in the middle of an invocation. Milliseconds since the epoch. */
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
  blow: PlannedKill;
  strike: () => void;
  /** Calls of its function's kind that reached Chime since it was started: its own, or those of the one beside it. */
  calls: number;
}

/** Kills processes with SIGKILL as `blow` says. One that has come to its end before is spared. */
export function processKiller(seed: Seed): ProcessKiller {
  const invocations = new Map<string, number>();
  const victims = new Set<Victim>();
  const kills: Kill[] = [];
  return {
    kills,
    onInvocation: ({ functionName, pid, ended }) => {
      const nth = (invocations.get(functionName) ?? 0) + 1;
      invocations.set(functionName, nth);
      const fallen = plannedKill(seed, functionName, nth);
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
  return operations.includes(operation) && !isLookUp(operation);
}

function isLookUp(operation: string): boolean {
  return operation === "ListUsers" || operation === "GetAccount";
}

/** When the process of an invocation is killed. */
export type PlannedKill =
  /** So long after it was handed its batch. */
  | { kind: "afterStart"; milliseconds: number }
  /** So long after the `nth` call that changes the directory, from 1, reached Chime: in it, or while it is settled. */
  | { kind: "afterCall"; nth: number; milliseconds: number };

/** Of the invocations of a function the `nth`, from 1: one in five is to die. */
export function plannedKill(seed: Seed, functionName: string, nth: number): PlannedKill | undefined {
  const label = `kill ${functionName} ${nth}`;
  if (seededFraction(seed, label) >= 0.2) return undefined;
  const draw = (what: string, below: number) => Math.floor(seededFraction(seed, `${label} ${what}`) * below);
  return draw("kind", 3) === 0
    ? { kind: "afterStart", milliseconds: draw("milliseconds", 1500) }
    : { kind: "afterCall", nth: 1 + draw("nth", 2), milliseconds: draw("milliseconds", 600) };
}
