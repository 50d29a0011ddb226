import * as z from "zod";
import { pipelineNames } from "../pipelines.ts";

const schema = z.object({
  PIPELINE: z.enum(pipelineNames),
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  /** Relative to the folder that the function's package is unpacked in. */
  POLICY_FILE: z.string().min(1),
});

export type Settings = z.output<typeof schema>;

/** A function's environment, checked at its cold start. Throws an error that names each variable that is wrong. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The function's environment is wrong; see src/deploy/functions.ts. ${problems.join("; ")}`);
}
