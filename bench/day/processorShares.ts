import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { StartedProcess } from "@rollcall/aws-local/startLambda";

/** At so much memory a function has one processor. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const megabytesPerProcessor = 1769;

/** The processors that Lambda gives a function of so much memory: in proportion, 0.29 at 512 MB. */
export const processorShare = (memoryMegabytes: number) => memoryMegabytes / megabytesPerProcessor;

/** What a process of a function may use of its processors' time in each period. */
export const quotaMicroseconds = (memoryMegabytes: number, periodMicroseconds: number) =>
  Math.round(processorShare(memoryMegabytes) * periodMicroseconds);

/** Gives each process of a function the processor time that Lambda would give it. */
export interface ProcessorShares {
  /** Why the processes are not limited; absent where they are. */
  unlimited?: string;
  limit: (started: Pick<StartedProcess, "memoryMegabytes" | "pid">) => void;
  /** Removes what was set up. The processes must have ended. */
  close: () => Promise<void>;
}

/** Linux's groups of processes in version 1, whose CPU time can be limited. */
const usualRoot = "/sys/fs/cgroup/cpu";
const quotaFile = "cpu.cfs_quota_us";

/** A group for each process. Where groups cannot be made, the processes stay as they are, and it says why. */
export function processorShares(root = usualRoot): ProcessorShares {
  const groups: string[] = [];
  const unlimited = whyUnlimited(root);
  return {
    ...(unlimited !== undefined && { unlimited }),
    limit: ({ memoryMegabytes, pid }) => {
      if (unlimited !== undefined) return;
      const group = join(root, groupName(pid));
      mkdirSync(group);
      groups.push(group);
      const period = Number(readFileSync(join(root, "cpu.cfs_period_us"), "utf8"));
      writeFileSync(join(group, quotaFile), String(quotaMicroseconds(memoryMegabytes, period)));
      writeFileSync(join(group, "cgroup.procs"), String(pid));
    },
    close: async () => {
      for (const group of groups.splice(0)) await removeGroup(group);
    },
  };
}

const groupName = (pid: number) => `rollcall-bench-${pid}`;

function whyUnlimited(root: string): string | undefined {
  const trial = join(root, groupName(process.pid));
  try {
    mkdirSync(trial);
    readFileSync(join(root, quotaFile));
    rmdirSync(trial);
    return undefined;
  } catch (error) {
    return `no processor shares can be set in ${root}: ${error instanceof Error ? error.message : error}`;
  }
}

/** A killed process may stay in its group for a moment. What is left after two seconds is empty, and harms nobody. */
async function removeGroup(group: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      return rmdirSync(group);
    } catch {
      await sleep(100);
    }
  }
}

/** Of user and system together, of all threads. 0 for a process that has ended, or where the system does not tell. */
export function processorSeconds(pid: number): number {
  try {
    return processorSecondsIn(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return 0;
  }
}

/** Linux counts in hundredths of a second, whatever its own clock. The name before the last bracket may hold anything. */
const ticksPerSecond = 100;

/** Reads `/proc/PID/stat`. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function processorSecondsIn(stat: string): number {
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(user) + Number(system)) / ticksPerSecond;
}
