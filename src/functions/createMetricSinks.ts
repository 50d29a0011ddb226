import type { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { metricNamespace } from "../metrics/metricTable.ts";
import type { MetricSinks } from "../metrics/publishMeasurements.ts";
import type { ObservedSettings } from "./observedSettings.ts";

/** Where a function's metrics go. `dimensions` are those of every metric of the function, besides its stack. */
export function createMetricSinks(
  { POWERTOOLS_SERVICE_NAME }: ObservedSettings,
  logger: Logger,
  dimensions: { pipeline?: string } = {},
): MetricSinks {
  const options = {
    namespace: metricNamespace,
    serviceName: POWERTOOLS_SERVICE_NAME,
    defaultDimensions: dimensions,
    // What it has to say of itself is to be a line like any other.
    logger,
  };
  return { invocation: new Metrics(options), detailed: new Metrics(options) };
}
