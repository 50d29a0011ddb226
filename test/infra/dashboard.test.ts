import { describe, expect, it } from "vitest";
import * as z from "zod";
import { failedBatch, measureBatch, measureRoster } from "../../src/observability/measurements.ts";
import { type MetricName, metricUnits } from "../../src/observability/metricTable.ts";
import { packagedPipelines } from "./packagedPipelines.ts";
import { idOf, resourcesOf } from "./packagedTemplate.ts";

const options = z.strictObject({
  stat: z.string().optional(),
  label: z.string().optional(),
  expression: z.string().optional(),
  id: z.string().optional(),
});
const widgetSchema = z.strictObject({
  type: z.literal("metric"),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  properties: z.strictObject({
    title: z.string(),
    metrics: z.array(z.array(z.union([z.string(), options]))),
    stat: z.string(),
    region: z.literal(idOf("AWS::Region")),
    period: z.number(),
    view: z.literal("timeSeries"),
    stacked: z.boolean(),
    annotations: z
      .strictObject({ horizontal: z.array(z.strictObject({ label: z.string(), value: z.number() })) })
      .optional(),
  }),
});
const bodySchema = z.strictObject({ widgets: z.array(widgetSchema) });

const [dashboard] = resourcesOf("AWS::CloudWatch::Dashboard");
const { widgets } = bodySchema.parse(JSON.parse(String(dashboard?.properties.DashboardBody)));

/** The metrics of the charts: namespace, name and then dimensions, as texts. Searches are told apart. */
const lines = widgets.flatMap(({ properties }) => properties.metrics);
const metrics = lines
  .map((line) => line.filter((part) => typeof part === "string"))
  .filter(({ length }) => length > 0);
const searches = lines.flatMap((line) =>
  line.flatMap((part) =>
    typeof part === "object" && part.expression !== undefined ? [part.expression] : [],
  ),
);

describe("the dashboard", () => {
  it("shows leavers and the latch first, then each pipeline, then where events come from", () => {
    const titles = widgets.map(({ properties: { title }, y }) => [y, title.split(":")[0]]);
    const rows = new Map(titles.map(([y, title]) => [y, title]));
    expect(titles[0]).toEqual([0, "Leavers"]);
    expect(titles[1]).toEqual([0, "Safeguard"]);
    expect([...rows.values()].slice(1)).toEqual([...packagedPipelines.map(({ name }) => name), "Sources"]);
  });

  it("lays its charts out side by side, in the 24 columns that there are", () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`,
      ),
    );
    const beyond = widgets.filter(({ x, width }) => x < 0 || x + width > 24 || !Number.isInteger(x));
    expect([new Set(cells).size, beyond]).toEqual([cells.length, []]);
  });

  it("shows only metrics that the functions write, under dimensions that they give them", () => {
    const own = metrics.filter(([namespace]) => namespace === "Rollcall");
    const stack = ["service", idOf("AWS::StackName")];
    const known = [stack, ...packagedPipelines.map(({ name }) => [...stack, "pipeline", name])];
    const unknown = own.filter(
      ([, name = "", ...dimensions]) =>
        !Object.hasOwn(metricUnits, name) ||
        !known.some((each) => JSON.stringify(each) === JSON.stringify(dimensions)),
    );
    expect(own.length).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  });

  it("searches the accounts by the dimensions that the functions write", () => {
    const pattern = new RegExp(
      `^SEARCH\\('\\{Rollcall,account,pipeline,service\\} MetricName="(${Object.keys(metricUnits).join("|")})" service="\\$\\{AWS::StackName\\}"', 'Sum', 300\\)$`,
    );
    // Written by the function that runs every minute, which is no pipeline's.
    const latches = `SEARCH('{Rollcall,account,service} MetricName="LatchClosed" service="\${AWS::StackName}"', 'Maximum', 300)`;
    expect(searches.length).toBeGreaterThan(0);
    expect(searches.filter((search) => !pattern.test(search))).toEqual([latches]);
  });

  it("shows every queue of the template and no other", () => {
    const shown = metrics.flatMap(([namespace, , , queue]) => (namespace === "AWS/SQS" ? [queue] : []));
    const queues = resourcesOf("AWS::SQS::Queue").map(({ properties }) => properties.QueueName);
    expect([...new Set(shown)].toSorted()).toEqual(queues.toSorted());
  });

  it("shows every outcome of each pipeline", () => {
    const outcomes = [
      "Applied",
      "Unchanged",
      "Superseded",
      "Deferred",
      "Excluded",
      "Held",
      "Observed",
      "Rejected",
      "Retried",
    ];
    const shown = widgets
      .filter(({ properties }) => properties.title.endsWith(": outcomes"))
      .map(({ properties }) => properties.metrics.map(([, name]) => name));
    expect(shown).toEqual(packagedPipelines.map(() => outcomes));
  });
});

it("the table of metrics has those that the functions write and no other", () => {
  const decision = { accountId: "a", occurredAt: 0, effectiveAt: 0 };
  const kinds = [
    "applied",
    "unchanged",
    "superseded",
    "deferred",
    "excluded",
    "held",
    "observed",
    "rejected",
    "retry",
  ] as const;
  const measured = measureBatch({
    messages: [
      ...kinds.map((kind) => ({ kind, receivedAt: 0, decision })),
      { kind: "deferred", code: "fromTheFuture", receivedAt: 0, decision },
      { kind: "rejected", code: "PersonAmbiguous", receivedAt: 0, decision },
    ],
    calls: [{ operation: "suspend", accountId: "a", users: 1, refused: true, notApplied: 1 }],
    now: 0,
  });
  // The tests of the packaged functions that write the others: publishDue, webhook and okta.
  const elsewhere: MetricName[] = [
    "DuePublished",
    "DueNotPublished",
    "LatchClosed",
    "PausesInForce",
    "SourceEventsPublished",
    "SourceEventsNotPublished",
    "SourceHeard",
    "WebhooksRefused",
  ];
  const plan = { changes: [], findings: [], asOf: 0 };
  const roster = measureRoster({ kind: "compared", plan, publication: { kind: "reportOnly" } }, 0);
  const written = [...measured, failedBatch, ...roster].map(({ name }) => name).concat(elsewhere);
  expect([...new Set(written)].toSorted()).toEqual(Object.keys(metricUnits).toSorted());
});
