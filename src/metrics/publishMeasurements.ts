import type { Metrics } from "@aws-lambda-powertools/metrics";
import { groupBy } from "../drain/groupBy.ts";
import { type Measurement, metricUnits } from "./metricTable.ts";

/**
 * CloudWatch takes 100 values of a metric in one line. At the hundredth Powertools writes the line by itself and forgets
 * its dimensions, so a line is full one value earlier.
 */
const valuesPerLine = 99;

export interface MetricSinks {
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
