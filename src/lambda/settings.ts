import * as z from "zod";
import type { Budget } from "../directory/directory.ts";
import { pipelineNames } from "../pipelines.ts";

/** What every function needs to be observed; Powertools would make up for a variable that is missing, without a word. */
export const observedSettings = {
  LOG_LEVEL: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
  /** The stack's name: a dimension of every metric, which alarms and dashboard look for. */
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
};

export type ObservedSettings = z.output<z.ZodObject<typeof observedSettings>>;

const schema = z.object({
  ...observedSettings,
  PIPELINE: z.enum(pipelineNames),
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  TABLE_NAME: z.string().min(3),
  /** Relative to the folder that the function's package is unpacked in. */
  POLICY_FILE: z.string().min(1),
});

export type Settings = z.output<typeof schema>;

/** The environment of a pipeline's function. Throws an error that names each variable that is wrong. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  return readEnvironment(schema, environment);
}

/** A function's environment, checked at its cold start. Throws an error that names each variable that is wrong. */
export function readEnvironment<T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.output<T> {
  // Read once: to compile the schema first would take longer.
  const parsed = schema.safeParse(environment, { jitless: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The function's environment is wrong; see src/infra/. ${problems.join("; ")}`);
}

const longestReserveMilliseconds = 15_000;
/** The longest that one call may take, its retries included. */
const longestCallMilliseconds = 30_000;
/** A call is not started with less than this: it would be cut off, and its answer lost. */
const shortestCallMilliseconds = 2_000;

/** Gives each call its share of the time that the invocation has left, in milliseconds. To be made when it starts. */
export function callBudget(remainingMilliseconds: () => number): Budget {
  const reserveMilliseconds = reserveOf(remainingMilliseconds());
  return () => {
    const milliseconds = Math.min(longestCallMilliseconds, remainingMilliseconds() - reserveMilliseconds);
    return milliseconds < shortestCallMilliseconds ? undefined : { milliseconds };
  };
}

/** What is kept for the end: settling, dead letters, back-off, what is under way. Of a short time a quarter. In milliseconds. */
export function reserveOf(remainingMilliseconds: number): number {
  return Math.min(longestReserveMilliseconds, Math.floor(remainingMilliseconds / 4));
}

/** The embedded stack sets this: its servers share a busy machine with the functions, which must not take that for an outage. */
export const clientTimeoutFactor = Number(process.env.CLIENT_TIMEOUT_FACTOR ?? 1);

/** For SQS, DynamoDB and EventBridge, which answer in milliseconds: three tries end well before an invocation does. */
export const clientTimeouts = {
  requestTimeout: 4_000 * clientTimeoutFactor,
  connectionTimeout: 1_000 * clientTimeoutFactor,
  throwOnRequestTimeout: true,
};
