import { type DimensionName, type MetricName, metricNamespace } from "../observability/metricTable.ts";
import { type Intent, type Pipeline, pipelineNames, pipelines } from "../pipelineSettings.ts";
import { type Resources, sub } from "./cloudFormation.ts";

/**
 * One dashboard: a row of what is urgent, then a row for each pipeline, and last a row for the sources of events, if the
 * stack receives them itself.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardResources(sources: {
  webhooks: boolean;
  okta: boolean;
  roster: boolean;
}): Resources {
  const rows = [
    urgentRow(),
    ...pipelineNames.map((name) => pipelineRow(name, pipelines[name])),
    sourceRow(sources),
  ];
  const widgets = rows.flatMap((charts, row) =>
    charts.map((chart, index) => toWidget(chart, row, index, columns / charts.length)),
  );
  return {
    Dashboard: {
      Type: "AWS::CloudWatch::Dashboard",
      Properties: { DashboardName: sub(stack), DashboardBody: sub(JSON.stringify({ widgets })) },
    },
  };
}

/** CloudFormation fills these in, because the body goes through `Fn::Sub`. */
const stack = `\${AWS::StackName}`;
const region = `\${AWS::Region}`;

/** CloudWatch's grid has 24 columns. */
const columns = 24;
const rowHeight = 6;

interface Chart {
  title: string;
  metrics: MetricLine[];
  /** For lines that name no statistic. */
  stat: "Sum" | "Maximum";
  /** A line across the chart, in the chart's unit. */
  objective?: { label: string; value: number };
}

type MetricLine = (string | { stat?: string; label?: string; expression?: string; id?: string })[];

function urgentRow(): Chart[] {
  return [
    {
      title: "Leavers: time from effective date to suspension",
      metrics: percentiles("EventToAppliedSeconds", "offboard"),
      stat: "Maximum",
      objective: { label: "4 hours", value: 14_400 },
    },
    {
      title: "Safeguard: suspensions held and latches closed, by account",
      metrics: [byAccount("Held"), latches()],
      stat: "Sum",
    },
    {
      title: "Directory calls refused: credentials, permissions or account",
      metrics: [byAccount("ConfigurationRefused")],
      stat: "Sum",
    },
    {
      title: "Due decisions: published and not published",
      metrics: [own("DuePublished"), own("DueNotPublished")],
      stat: "Sum",
    },
  ];
}

const outcomes: readonly MetricName[] = [
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

function pipelineRow(name: Intent, { objectiveSeconds }: Pipeline): Chart[] {
  return [
    { title: `${name}: outcomes`, metrics: outcomes.map((outcome) => own(outcome, name)), stat: "Sum" },
    {
      title: `${name}: directory calls and the users in them`,
      metrics: [own("Calls", name), own("Users", name), own("BatchesFailed", name)],
      stat: "Sum",
    },
    {
      title: `${name}: seconds from effective date to directory`,
      metrics: [
        ...percentiles("EventToAppliedSeconds", name),
        own("OldestUnsettledSeconds", name),
        ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", `${stack}-${name}`],
      ],
      stat: "Maximum",
      objective: { label: "objective", value: objectiveSeconds },
    },
    { title: `${name}: messages waiting and dead letters`, ...depths(name) },
  ];
}

function sourceRow({ webhooks, okta, roster }: Parameters<typeof dashboardResources>[0]): Chart[] {
  const inbound: Chart = {
    title: "Sources: events from webhooks and Okta",
    metrics: [
      own("SourceEventsPublished"),
      own("SourceEventsNotPublished"),
      ...(webhooks ? [own("WebhooksRefused")] : []),
    ],
    stat: "Sum",
  };
  return [
    ...(webhooks || okta ? [inbound] : []),
    ...(okta ? [{ title: "Sources: Okta messages waiting and dead letters", ...depths("okta") }] : []),
    ...(roster ? [rosterChart()] : []),
  ];
}

function rosterChart(): Chart {
  const directory = [own("RosterDrift"), own("RosterUnsolved")];
  const events = [own("RosterEventsPublished"), own("RosterEventsNotPublished")];
  return {
    title: "Sources: roster drift and roster events",
    metrics: [...directory, ...events, own("RosterNotBelieved")],
    stat: "Maximum",
  };
}

/** The numbers of messages in a queue and in its dead-letter queue. */
function depths(name: string): Pick<Chart, "metrics" | "stat"> {
  const queues = [`${stack}-${name}`, `${stack}-${name}-dlq`];
  return {
    metrics: queues.map((queue) => ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]),
    stat: "Maximum",
  };
}

function own(name: MetricName, pipeline?: Intent): MetricLine {
  const ofStack = [metricNamespace, name, "service", stack];
  return pipeline === undefined ? ofStack : [...ofStack, "pipeline", pipeline];
}

function percentiles(name: MetricName, pipeline: Intent): MetricLine[] {
  return ["p50", "p95", "Maximum"].map((stat) => [
    ...own(name, pipeline),
    { stat, label: stat === "Maximum" ? "slowest" : stat },
  ]);
}

/** The policy says which accounts there are, and may change, so the dashboard searches for them. */
function byAccount(name: MetricName): MetricLine {
  return search(name, ["account", "pipeline", "service"], "Sum");
}

/** Written by the function that publishes due decisions, so without a pipeline. */
function latches(): MetricLine {
  return search("LatchClosed", ["account", "service"], "Maximum");
}

function search(name: MetricName, dimensions: readonly DimensionName[], stat: Chart["stat"]): MetricLine {
  const schema = `{${metricNamespace},${dimensions.join(",")}}`;
  const expression = `SEARCH('${schema} MetricName="${name}" service="${stack}"', '${stat}', 300)`;
  return [{ expression, id: name.charAt(0).toLowerCase() + name.slice(1), label: name }];
}

function toWidget({ title, metrics, stat, objective }: Chart, row: number, index: number, width: number) {
  return {
    type: "metric",
    x: index * width,
    y: row * rowHeight,
    width,
    height: rowHeight,
    properties: {
      title,
      metrics,
      stat,
      region,
      period: 300,
      view: "timeSeries",
      stacked: false,
      ...(objective !== undefined && { annotations: { horizontal: [objective] } }),
    },
  };
}
