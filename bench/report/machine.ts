import { cpus, loadavg } from "node:os";

/** Where and when something was measured. */
export interface Machine {
  node: string;
  cpu: string;
  cores: number;
  platform: string;
  /** ISO 8601. */
  startedAt: string;
  /** How many processes wanted a processor in the minute before: other work on the machine spoils what is measured. */
  load: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    node: process.version,
    cpu: processors[0]?.model ?? "unknown processor",
    cores: processors.length,
    platform: `${process.platform} ${process.arch}`,
    startedAt: new Date().toISOString(),
    load: loadavg()[0] ?? 0,
  };
}

export function machineLine({ node, cpu, cores, platform, startedAt, load }: Machine): string {
  return `Node.js ${node} · ${cores} × ${cpu} · ${platform} · ${startedAt} · load ${load.toFixed(1)}`;
}
