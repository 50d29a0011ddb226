import * as z from "zod";
import { pipelineNames } from "../pipelines.ts";
import { observedSettings } from "./observedSettings.ts";
import { readEnvironment } from "./readEnvironment.ts";

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
