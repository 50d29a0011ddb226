import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";
import { type Intent, pipelineNames } from "../../../src/pipelineSettings.ts";
import type { ArrivedCall, ChangeKind } from "../../directories/simulatedDirectory.ts";

/** A process that was killed during an invocation. Times are milliseconds since the epoch. */
export interface Kill {
  functionName: string;
  startedAt: number;
  killedAt: number;
}

export interface ProcessKiller {
  onInvocation: (started: StartedInvocation) => void;
  onCall: (call: ArrivedCall) => void;
  kills: readonly Kill[];
}

/**
 * Kills the processes that `plannedKill` names with SIGKILL, unless their invocation has ended before.
 *
 * @param now the clock of the calls
 */
export function processKiller(seed: Seed, now: () => number = Date.now): ProcessKiller {
  const invocations = new Map<string, number>();
  const targets = new Set<Target>();
  const kills: Kill[] = [];
  return {
    kills,
    onInvocation: ({ functionName, pid, ended }) => {
      const nth = (invocations.get(functionName) ?? 0) + 1;
      invocations.set(functionName, nth);
      const planned = plannedKill(seed, functionName, nth);
      if (planned === undefined || pid === undefined) return;
      const startedAt = now();
      const kill = () => {
        if (targets.delete(target) && killProcess(pid))
          kills.push({ functionName, startedAt, killedAt: now() });
      };
      const target: Target = { functionName, planned, kill, calls: 0 };
      targets.add(target);
      void ended.then(() => targets.delete(target));
      if (planned.kind === "afterStart") setTimeout(kill, planned.milliseconds);
    },
    onCall: ({ change }) => {
      for (const target of targets) {
        if (target.planned.kind !== "afterCall" || !changes(target.functionName, change)) continue;
        target.calls += 1;
        if (target.calls === target.planned.nth) setTimeout(target.kill, target.planned.milliseconds);
      }
    },
  };
}

interface Target {
  functionName: string;
  planned: PlannedKill;
  kill: () => void;
  /** Changing calls of its function that reached a directory since it was started; a concurrent invocation's count too. */
  calls: number;
}

/** Returns false for a process that has just ended by itself, such as at its timeout. */
function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/** Whether the function changes the directory in this way. */
export function changes(functionName: string, change: ChangeKind | undefined): boolean {
  const name = pipelineNames.find((intent) => functionName.endsWith(`-${intent}`));
  return name !== undefined && changeBy[name] === change;
}

const changeBy: Record<Intent, ChangeKind> = {
  onboard: "letIn",
  offboard: "suspend",
  reinstate: "letIn",
  relicense: "license",
};

/** When the process of an invocation is killed. */
export type PlannedKill =
  /** This time after it received its batch. */
  | { kind: "afterStart"; milliseconds: number }
  /** This time after the `nth` call that changes the directory, from 1, reached a directory: during it, or while it is committed. */
  | { kind: "afterCall"; nth: number; milliseconds: number };

/** Plans the kill of the `nth` invocation of a function, from 1. One in five is killed. */
export function plannedKill(seed: Seed, functionName: string, nth: number): PlannedKill | undefined {
  const label = `kill ${functionName} ${nth}`;
  if (seededFraction(seed, label) >= 0.2) return undefined;
  const draw = (what: string, below: number) => Math.floor(seededFraction(seed, `${label} ${what}`) * below);
  return draw("kind", 3) === 0
    ? { kind: "afterStart", milliseconds: draw("milliseconds", 1500) }
    : { kind: "afterCall", nth: 1 + draw("nth", 2), milliseconds: draw("milliseconds", 600) };
}
