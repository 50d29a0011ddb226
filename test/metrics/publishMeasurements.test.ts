import { Metrics } from "@aws-lambda-powertools/metrics";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { type Measurement, metricNamespace } from "../../src/metrics/metricTable.ts";
import { publishMeasurements } from "../../src/metrics/publishMeasurements.ts";

const line = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ),
  }),
});

let written: string[];
beforeEach(() => {
  written = [];
  const keep = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, "write").mockImplementation(keep);
  vi.spyOn(process.stderr, "write").mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What the log has once an invocation has ended: every line, as CloudWatch reads it. */
function linesOf(measurements: readonly Measurement[]) {
  const options = {
    namespace: metricNamespace,
    serviceName: "rollcall-dev",
    defaultDimensions: { pipeline: "offboard" },
  };
  const sinks = { invocation: new Metrics(options), detailed: new Metrics(options) };
  publishMeasurements(measurements, sinks);
  sinks.invocation.publishStoredMetrics();
  return written.map((text) => {
    const { _aws, ...values } = line.parse(JSON.parse(text));
    return { definitions: _aws.CloudWatchMetrics, values };
  });
}

const whole = ["service", "pipeline"];

describe("published measurements", () => {
  it("of the whole invocation are one line, under the pipeline of the stack", () => {
    const measurements: Measurement[] = [
      { name: "BatchesFailed", values: [0], dimensions: {} },
      { name: "OldestUnsettledSeconds", values: [30.5], dimensions: {} },
    ];
    expect(linesOf(measurements)).toEqual([
      {
        definitions: [
          {
            Namespace: "Rollcall",
            Dimensions: [whole],
            Metrics: [
              { Name: "BatchesFailed", Unit: "Count" },
              { Name: "OldestUnsettledSeconds", Unit: "Seconds" },
            ],
          },
        ],
        values: {
          service: "rollcall-dev",
          pipeline: "offboard",
          BatchesFailed: 0,
          OldestUnsettledSeconds: 30.5,
        },
      },
    ]);
  });

  it("with further dimensions count under each of them and in the whole, a line for each combination", () => {
    const a = { account: "a" };
    const b = { account: "b", operation: "suspend" };
    const lines = linesOf([
      { name: "Applied", values: [2], dimensions: a },
      { name: "Calls", values: [1], dimensions: b },
      { name: "EventToAppliedSeconds", values: [5, 7], dimensions: a },
      { name: "BatchesFailed", values: [0], dimensions: {} },
    ]);
    expect(lines.map(({ definitions, values }) => [definitions[0]?.Dimensions, values])).toEqual([
      [
        [whole, [...whole, "account"]],
        {
          service: "rollcall-dev",
          pipeline: "offboard",
          account: "a",
          Applied: 2,
          EventToAppliedSeconds: [5, 7],
        },
      ],
      [
        [whole, [...whole, "account"], [...whole, "operation"]],
        { service: "rollcall-dev", pipeline: "offboard", account: "b", operation: "suspend", Calls: 1 },
      ],
      [[whole], { service: "rollcall-dev", pipeline: "offboard", BatchesFailed: 0 }],
    ]);
  });

  it.each([98, 99, 100, 101, 250, 1000])(
    "of %d values are cut into lines that CloudWatch takes, each with its dimensions, and none is lost",
    (count) => {
      const values = Array.from({ length: count }, (_, index) => index);
      const lines = linesOf([
        { name: "Applied", values: [count], dimensions: { account: "a" } },
        { name: "EventToAppliedSeconds", values, dimensions: { account: "a" } },
        { name: "BatchesFailed", values: [0], dimensions: {} },
      ]);
      const ofAccount = lines.slice(0, -1);
      expect({
        applied: ofAccount.flatMap((each) => each.values.Applied ?? []),
        seconds: ofAccount.flatMap((each) => each.values.EventToAppliedSeconds),
        tooLong: ofAccount.filter((each) => [each.values.EventToAppliedSeconds].flat().length > 100),
        dimensions: new Set(ofAccount.map((each) => JSON.stringify(each.definitions[0]?.Dimensions))),
      }).toEqual({
        applied: [count],
        seconds: values,
        tooLong: [],
        dimensions: new Set([JSON.stringify([whole, [...whole, "account"]])]),
      });
    },
  );
});
