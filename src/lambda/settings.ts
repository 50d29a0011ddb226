import * as z from "zod";
import type { Budget } from "../directory/directory.ts";
import { pipelineNames } from "../pipelineSettings.ts";

/** The environment of a pipeline's function. Throws an error that names each variable that is wrong. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  return readEnvironment(pipelineSettings, environment);
}

/** A function's environment, checked at its cold start. Throws an error that names each variable that is wrong. */
export function readEnvironment<T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.output<T> {
  // It is parsed once, and to compile the schema first would take longer.
  const parsed = schema.safeParse(environment, { jitless: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The function's environment is wrong; see src/infra/. ${problems.join("; ")}`);
}

/** The variables of every function. They are checked because Powertools replaces a missing one by a default, without a word. */
export const observedSettings = {
  LOG_LEVEL: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
  /** The stack's name: a dimension of every metric, by which alarms and dashboard find it. */
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
};

export type ObservedSettings = z.output<z.ZodObject<typeof observedSettings>>;

const pipelineSettings = z.object({
  ...observedSettings,
  PIPELINE: z.enum(pipelineNames),
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  TABLE_NAME: z.string().min(3),
  /** Relative to the folder that the function's package is unpacked in. */
  POLICY_FILE: z.string().min(1),
});

export type Settings = z.output<typeof pipelineSettings>;

/** Gives each call its share of the invocation's remaining time, in milliseconds. To be created when the invocation starts. */
export function callBudget(remainingMilliseconds: () => number): Budget {
  const reserveMilliseconds = reserveOf(remainingMilliseconds());
  return () => {
    const milliseconds = Math.min(longestCallMilliseconds, remainingMilliseconds() - reserveMilliseconds);
    return milliseconds < shortestCallMilliseconds ? undefined : { milliseconds };
  };
}

/** A signal that aborts when the invocation's reserve begins: what is not sent by then is left to the next invocation. */
export function signalBeforeReserve(remainingMilliseconds: number): AbortSignal {
  return AbortSignal.timeout(Math.max(1, remainingMilliseconds - reserveOf(remainingMilliseconds)));
}

const longestReserveMilliseconds = 15_000;
/** The longest that one call may take, its retries included. */
const longestCallMilliseconds = 30_000;
/** A call is not started with less time than this: it would be aborted, and its answer lost. */
const shortestCallMilliseconds = 2_000;

/** The time kept for the end of an invocation: commits, dead letters, visibility timeouts, calls under way. At most a quarter. */
function reserveOf(remainingMilliseconds: number): number {
  return Math.min(longestReserveMilliseconds, Math.floor(remainingMilliseconds / 4));
}
