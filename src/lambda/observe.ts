import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { type Measurement, metricNamespace, metricUnits } from "../observability/metricTable.ts";
import { maskValue } from "../privacy/masking.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { ObservedSettings } from "./settings.ts";

/** A function's log, and its metrics, which are lines of that log in the embedded metric format. */
export interface Observation {
  logger: Logger;
  metrics: MetricSinks;
}

interface MetricSinks {
  /** Carries the dimensions of the whole invocation. The middleware writes what was added to it when the invocation ends. */
  invocation: Metrics;
  /** For values with further dimensions. Each combination of them is a line of its own, written at once. */
  detailed: Metrics;
}

/** Sets up how a function is observed. `dimensions` are added to the stack's name on every metric of the function. */
export function observe(settings: ObservedSettings, dimensions: { pipeline?: string } = {}): Observation {
  const logger = createLogger(settings);
  const options = {
    namespace: metricNamespace,
    serviceName: settings.POWERTOOLS_SERVICE_NAME,
    defaultDimensions: dimensions,
    // Powertools' own warnings are to be lines like any other.
    logger,
  };
  return { logger, metrics: { invocation: new Metrics(options), detailed: new Metrics(options) } };
}

/** Writes lines of JSON to the function's log. E-mail addresses are masked wherever they stand in a line. */
export function createLogger({ LOG_LEVEL, POWERTOOLS_SERVICE_NAME }: ObservedSettings): Logger {
  return new Logger({
    logLevel: LOG_LEVEL,
    serviceName: POWERTOOLS_SERVICE_NAME,
    // Powertools passes the texts of an error, its stack and its cause through this as well.
    jsonReplacerFn: (_key, value) => maskValue(value),
  });
}

/**
 * Makes a handler whose log lines carry the invocation's ids and whose metrics are written when it ends. Middy runs
 * middlewares in reverse order after the handler, so a metric that is added in `onError` is written too.
 *
 * @param timeoutEarlyInMillis how long before Lambda's timeout the handler is ended as failed, so that it can say so; 0 for never
 */
export function observedHandler<Event, Result>(
  handle: (event: Event, context: Context) => Promise<Result>,
  { logger, metrics }: Observation,
  timeoutEarlyInMillis: number,
) {
  return middy<Event, Result>(handle, { timeoutEarlyInMillis })
    .use(injectLambdaContext(logger, { logEvent: false }))
    .use(logMetrics(metrics.invocation));
}

/**
 * Hands measurements to Powertools, which writes them to the log in the embedded metric format (EMF). A value with further
 * dimensions counts under each of them and for the whole invocation too, so no total has to be added up.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function publishMeasurements(
  measurements: readonly Measurement[],
  { invocation, detailed }: MetricSinks,
): void {
  const byDimensions = groupBy(measurements, ({ dimensions }) => JSON.stringify(dimensions));
  for (const sameDimensions of byDimensions.values()) {
    const dimensions = Object.entries(sameDimensions[0]?.dimensions ?? {});
    if (dimensions.length === 0) add(sameDimensions, invocation);
    else for (const line of toLines(sameDimensions)) writeLine(line, dimensions, detailed);
  }
}

function writeLine(
  measurements: readonly Measurement[],
  dimensions: readonly [string, string][],
  metrics: Metrics,
): void {
  metrics.addDimensions({});
  for (const [name, value] of dimensions) metrics.addDimensions({ [name]: value });
  add(measurements, metrics);
  metrics.publishStoredMetrics();
}

function add(measurements: readonly Measurement[], metrics: Metrics): void {
  for (const { name, values } of measurements)
    for (const value of values) metrics.addMetric(name, metricUnits[name], value);
}

/** Splits measurements with too many values for one line. */
function toLines(measurements: readonly Measurement[]): Measurement[][] {
  const most = measurements.reduce((longest, { values }) => Math.max(longest, values.length), 0);
  return Array.from({ length: Math.ceil(most / valuesPerLine) }, (_, index) =>
    measurements.flatMap(({ values, ...measurement }) => {
      const part = values.slice(index * valuesPerLine, (index + 1) * valuesPerLine);
      return part.length > 0 ? [{ ...measurement, values: part }] : [];
    }),
  );
}

/**
 * CloudWatch takes 100 values of a metric in one line. At the hundredth Powertools writes the line by itself and forgets
 * its dimensions, so a line is full one value earlier.
 */
const valuesPerLine = 99;
