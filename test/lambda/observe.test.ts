import { Metrics } from "@aws-lambda-powertools/metrics";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createLogger, publishMeasurements } from "../../src/lambda/observe.ts";
import { type Measurement, metricNamespace } from "../../src/observability/metricTable.ts";

describe("the log", () => {
  let written: string;
  beforeEach(() => {
    written = "";
    const keep = (chunk: string | Uint8Array) => {
      written += String(chunk);
      return true;
    };
    vi.spyOn(process.stdout, "write").mockImplementation(keep);
    vi.spyOn(process.stderr, "write").mockImplementation(keep);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const settings = { LOG_LEVEL: "INFO", POWERTOOLS_SERVICE_NAME: "rollcall-dev" } as const;

  it("has one line of JSON for each entry", () => {
    createLogger(settings).info({ message: "two\nlines", counts: { calls: 2 }, none: undefined });
    expect(written.indexOf("\n")).toBe(written.length - 1);
    expect(JSON.parse(written)).toEqual({
      level: "INFO",
      message: "two\nlines",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      service: "rollcall-dev",
      sampling_rate: 0,
      counts: { calls: 2 },
    });
  });

  it("leaves out what is below its level", () => {
    const logger = createLogger({ ...settings, LOG_LEVEL: "WARN" });
    logger.info("drained");
    logger.warn("retry");
    expect(JSON.parse(written)).toMatchObject({ level: "WARN", message: "retry" });
  });

  it("names nobody, however deep an address stands in a line", () => {
    createLogger(settings).error({
      message: "no user ada.lovelace@example.com",
      more: [{ error: "for\nbob@example.org: x", "carl@example.net": [{ "x=dan%40example.com": 1 }] }],
    });
    expect(JSON.parse(written)).toMatchObject({
      message: "no user a***@example.com",
      more: [{ error: "for\nb***@example.org: x", "c***@example.net": [{ "x***%40example.com": 1 }] }],
    });
  });

  it("hides what names a person, wherever it stands", () => {
    createLogger(settings).info({
      message: "made",
      user: { displayName: "Ada Lovelace", id: "u-1", directory: { profile: "slack" } },
      event: [{ data: { personId: "p-1", profile: { givenName: "Ada" } } }],
    });
    expect(JSON.parse(written)).toMatchObject({
      user: { displayName: "***", id: "u-1", directory: { profile: "slack" } },
      event: [{ data: { personId: "p-1", profile: "***" } }],
    });
  });

  it("names nobody in an error, its stack and its causes, and tells no more than explains it", () => {
    const inner = new Error("ada.lovelace@example.com", { cause: "of ada.lovelace@example.com" });
    const error = Object.assign(new TypeError("for ada.lovelace@example.com", { cause: inner }), {
      code: "E_USER",
      $metadata: { requestId: "r1" },
      $response: { headers: { authorization: "secret" } },
    });
    createLogger(settings).error({ message: "failed", error });
    expect(JSON.parse(written)).toMatchObject({
      error: {
        name: "TypeError",
        message: "for a***@example.com",
        code: "E_USER",
        $metadata: { requestId: "r1" },
        stack: expect.stringMatching(/^TypeError: for a\*\*\*@example\.com\n +at /),
        cause: { message: "a***@example.com", cause: "of a***@example.com" },
      },
    });
    expect(written).not.toMatch(/lovelace|secret/);
  });

  it("ends at an error that is its own cause", () => {
    const error = new Error("for ada.lovelace@example.com");
    error.cause = error;
    createLogger(settings).error({ message: "failed", error });
    expect(JSON.parse(written)).toMatchObject({ error: { message: "for a***@example.com" } });
  });

  it("names nobody in any text", () => {
    const logger = createLogger(settings);
    const around = fc.string({ maxLength: 20 });
    const address = fc.stringMatching(/^[a-z]{6,12}\.[a-z]{6,12}$/);
    fc.assert(
      fc.property(around, address, around, (before, local, after) => {
        written = "";
        logger.warn({ message: "retry", reason: `${before} ${local}@example.com ${after}` });
        expect(written).not.toContain(local);
        expect(JSON.parse(written)).toMatchObject({ reason: expect.stringContaining("***@example.com") });
      }),
    );
  });
});

describe("published measurements", () => {
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

  /** Every line of the log at the end of an invocation, as CloudWatch reads it. */
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
