import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import * as z from "zod";

/** A server in a process of its own, whose work does not count among what is measured. */
export interface Server {
  url: string;
  pid: number;
  /** Asks for the server's report. */
  report(): Promise<unknown>;
  close(): Promise<void>;
}

const started = z.object({ url: z.string() });

/** Starts a script that sends `{url}` when it listens, answers each message with its report and ends when left alone. */
export async function startServer(script: URL, args: readonly string[]): Promise<Server> {
  const child = fork(script, args, {
    execArgv: ["--import", import.meta.resolve("tsx")],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const { url } = started.parse(await nextMessage(child));
  return {
    url,
    pid: Number(child.pid),
    report: async () => {
      child.send("report");
      return nextMessage(child);
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const message = once(child, "message", { signal }).then(([first]) => first);
    const exit = once(child, "exit", { signal }).then(([code]) => {
      throw new Error(`${child.spawnargs.at(-1)}: the bench's server ended with exit code ${code}.`);
    });
    return await Promise.race([message, exit]);
  } finally {
    over.abort();
  }
}

/** What the simulator saw of a run, and how its directory stands after it. */
export const chimeReport = z.object({
  /** By operation. `users` are those whom the calls were to change. */
  calls: z.record(z.string(), z.object({ calls: z.number(), users: z.number() })),
  /** Ids of users. */
  suspended: z.array(z.string()),
  licensed: z.array(z.string()),
});

export type ChimeReport = z.output<typeof chimeReport>;

/** The names of the tables that a contender may keep its memory in. */
export const tableReport = z.object({ ledger: z.string(), idempotency: z.string() });

export type TableReport = z.output<typeof tableReport>;
