import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { type Measurement, metricNamespace, metricUnits } from "../observability/metricTable.ts";
import { maskValue } from "../privacy/masking.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { ObservedSettings } from "./settings.ts";

/** Writes lines of JSON to the function's log. Whatever a line is made of, no e-mail address leaves in clear. */
export function createLogger({ LOG_LEVEL, POWERTOOLS_SERVICE_NAME }: ObservedSettings): Logger {
  return new Logger({
    logLevel: LOG_LEVEL,
    serviceName: POWERTOOLS_SERVICE_NAME,
    // Powertools comes to the texts of an error, its stack and its cause by this way as well.
    jsonReplacerFn: (_key, value) => maskValue(value),
  });
}

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

/**
 * CloudWatch takes 100 values of a metric in one line. At the hundredth Powertools writes the line by itself and forgets
 * its dimensions, so a line is full one value earlier.
 */
const valuesPerLine = 99;

interface MetricSinks {
  /** Has the dimensions of the whole invocation. What is added here is written by the middleware, when it ends. */
  invocation: Metrics;
  /** The same, for what has further dimensions: each combination of them is a line of its own, written at once. */
  detailed: Metrics;
}

/**
 * Hands measurements to Powertools, which writes them to the log in the embedded metric format (EMF). A value with further
 * dimensions counts under each of them and in the whole alike, so that no total has to be added up.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function publishMeasurements(
  measurements: readonly Measurement[],
  { invocation, detailed }: MetricSinks,
): void {
  const alike = groupBy(measurements, ({ dimensions }) => JSON.stringify(dimensions));
  for (const group of alike.values()) {
    const further = Object.entries(group[0]?.dimensions ?? {});
    if (further.length === 0) add(group, invocation);
    else for (const line of toLines(group)) writeLine(line, further, detailed);
  }
}

function writeLine(
  measurements: readonly Measurement[],
  further: readonly [string, string][],
  metrics: Metrics,
): void {
  metrics.addDimensions({});
  for (const [name, value] of further) metrics.addDimensions({ [name]: value });
  add(measurements, metrics);
  metrics.publishStoredMetrics();
}

function add(measurements: readonly Measurement[], metrics: Metrics): void {
  for (const { name, values } of measurements)
    for (const value of values) metrics.addMetric(name, metricUnits[name], value);
}

/** Cuts what has too many values for one line. */
function toLines(measurements: readonly Measurement[]): Measurement[][] {
  const most = measurements.reduce((longest, { values }) => Math.max(longest, values.length), 0);
  return Array.from({ length: Math.ceil(most / valuesPerLine) }, (_, index) =>
    measurements.flatMap(({ values, ...measurement }) => {
      const part = values.slice(index * valuesPerLine, (index + 1) * valuesPerLine);
      return part.length > 0 ? [{ ...measurement, values: part }] : [];
    }),
  );
}
