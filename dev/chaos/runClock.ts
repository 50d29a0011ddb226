import { rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The clock of a run: the system's, until the run leaps over hours in which decisions wait for their time. */
export interface RunClock {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Sets the clock ahead, that of the functions too. To be called while nobody works: a lease must not end under a call. */
  leap: (hours: number) => void;
  leaptHours: () => number;
  /** Makes the functions' processes follow this clock. */
  environment: Readonly<Record<string, string>>;
  /** Deletes the clock's file. Processes that still read it fail. */
  close: () => void;
}

const preload = new URL("./faults/functionPreload.mjs", import.meta.url);
const hourMilliseconds = 3_600_000;

/** Starts a clock that this process and the functions read alike. */
export async function startRunClock(): Promise<RunClock> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-clock-"));
  const file = join(folder, "ahead");
  let hours = 0;
  const write = () => writeFileSync(file, String(hours * hourMilliseconds));
  try {
    write();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    now: () => Date.now() + hours * hourMilliseconds,
    leap: (more) => {
      hours += more;
      write();
    },
    leaptHours: () => hours,
    environment: { CHAOS_CLOCK_FILE: file, NODE_OPTIONS: `--import=${preload.href}` },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
