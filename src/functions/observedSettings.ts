import * as z from "zod";

/** What every function needs to be observed; Powertools would make up for a variable that is missing, without a word. */
export const observedSettings = {
  LOG_LEVEL: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
  /** The stack's name: a dimension of every metric, which alarms and dashboard look for. */
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
};

export type ObservedSettings = z.output<z.ZodObject<typeof observedSettings>>;
