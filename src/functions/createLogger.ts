import { Logger } from "@aws-lambda-powertools/logger";
import { maskValue } from "../privacy/maskValue.ts";
import type { ObservedSettings } from "./observedSettings.ts";

/** Writes lines of JSON to the function's log. Whatever a line is made of, no e-mail address leaves in clear. */
export function createLogger({ LOG_LEVEL, POWERTOOLS_SERVICE_NAME }: ObservedSettings): Logger {
  return new Logger({
    logLevel: LOG_LEVEL,
    serviceName: POWERTOOLS_SERVICE_NAME,
    // Powertools comes to the texts of an error, its stack and its cause by this way as well.
    jsonReplacerFn: (_key, value) => maskValue(value),
  });
}
