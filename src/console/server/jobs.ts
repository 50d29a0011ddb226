import { randomBytes } from "node:crypto";
import { maskEmails } from "../../privacy/masking.ts";
import type { PagePath } from "../view/layout.tsx";

/** Acts may take minutes: they go on while the page shows how far they are, and their results stay until the console ends. */
export interface Job {
  title: string;
  command: string;
  current: PagePath;
  /** Where to go next. */
  back: { href: string; text: string };
  progress: { done: number; all: number };
  state: { kind: "running" } | { kind: "failed"; message: string } | { kind: "ended"; end: JobEnd };
  stop: () => void;
}

export interface JobEnd {
  counts: Readonly<Partial<Record<string, number>>>;
  /** What follows for the people. */
  consequence: string;
  warnings: readonly string[];
  /** Nobody is left for whom it was not done. */
  isComplete: boolean;
  /** One for each, in the order in which they were shown. */
  results: readonly { result: string; personId?: string; what: string; failure?: string }[];
}

export interface JobRun {
  signal: AbortSignal;
  onProgress: (progress: { done: number; all: number }) => void;
}

export interface Jobs {
  /** Begins an act, and returns its id. */
  start(
    about: Pick<Job, "title" | "command" | "current" | "back">,
    run: (job: JobRun) => Promise<JobEnd>,
  ): string;
  find(id: string): Job | undefined;
  isAnyRunning(): boolean;
  /** The id of an act under way that belongs to the page. */
  findRunning(page: PagePath): string | undefined;
  /** Lets what is under way end in good order, and nothing more begin. */
  stopAll(): Promise<void>;
}

export function createJobs(explainFailure: (error: unknown) => string): Jobs {
  const jobs = new Map<string, Job>();
  const running = new Set<Promise<void>>();
  let hasEnded = false;
  return {
    start(about, run) {
      const id = randomBytes(16).toString("base64url");
      const controller = new AbortController();
      const job: Job = {
        ...about,
        progress: { done: 0, all: 0 },
        state: { kind: "running" },
        stop: () => controller.abort("stopped"),
      };
      jobs.set(id, job);
      if (hasEnded) job.stop();
      const onProgress = (progress: Job["progress"]) => {
        job.progress = progress;
      };
      const ending = run({ signal: controller.signal, onProgress })
        .then((end) => {
          job.state = { kind: "ended", end };
        })
        .catch((error: unknown) => {
          job.state = { kind: "failed", message: textOf(error, explainFailure) };
        })
        .finally(() => running.delete(ending));
      running.add(ending);
      return id;
    },
    find: (id) => jobs.get(id),
    isAnyRunning: () => running.size > 0,
    findRunning: (page) =>
      [...jobs].find(([, { current, state }]) => current === page && state.kind === "running")?.[0],
    async stopAll() {
      hasEnded = true;
      for (const { stop } of jobs.values()) stop();
      await Promise.all(running);
    },
  };
}

/** What no request caused is a defect: it must not end the console, and with it what else is under way. */
export function textOf(error: unknown, explainFailure: (error: unknown) => string): string {
  try {
    return explainFailure(error);
  } catch (unexplained) {
    return maskEmails(
      `unexpected: ${unexplained instanceof Error ? unexplained.message : String(unexplained)}`,
    );
  }
}
