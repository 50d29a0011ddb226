import { type DimensionName, type MetricName, metricNamespace } from "../observability/metricTable.ts";
import { type Intent, type Pipeline, pipelineNames, pipelines } from "../pipelines.ts";
import { type Resources, sub } from "./cloudFormation.ts";

/** What CloudFormation fills in when the body goes through `Fn::Sub`. */
const stack = `\${AWS::StackName}`;
const region = `\${AWS::Region}`;

const columns = 24;
const rowHeight = 6;

type MetricLine = (string | { stat?: string; label?: string; expression?: string; id?: string })[];

interface Chart {
  title: string;
  metrics: MetricLine[];
  /** Of lines that name none. */
  stat: "Sum" | "Maximum";
  /** A line across the chart, in its own unit. */
  promise?: { label: string; value: number };
}

/**
 * One dashboard: first what is worth a look before anything else, then a row for each pipeline, and last where events come
 * from, if the stack takes them in itself.
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

function urgentRow(): Chart[] {
  return [
    {
      title: "Leavers: from the decision's effect to the suspension",
      metrics: percentiles("EventToAppliedSeconds", "offboard"),
      stat: "Maximum",
      promise: { label: "4 hours", value: 14_400 },
    },
    {
      title: "Safeguard: suspensions held and latches closed, by account",
      metrics: [byAccount("Held"), latches()],
      stat: "Sum",
    },
    {
      title: "Calls refused for credentials, permissions or the account",
      metrics: [byAccount("ConfigurationRefused")],
      stat: "Sum",
    },
    {
      title: "Decisions whose day has come",
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
  "Rejected",
  "Retried",
];

function pipelineRow(name: Intent, { objectiveSeconds }: Pipeline): Chart[] {
  return [
    { title: `${name}: outcomes`, metrics: outcomes.map((outcome) => own(outcome, name)), stat: "Sum" },
    {
      title: `${name}: calls, and users in them`,
      metrics: [own("Calls", name), own("Users", name), own("BatchesFailed", name)],
      stat: "Sum",
    },
    {
      title: `${name}: seconds from the decision's effect`,
      metrics: [
        ...percentiles("EventToAppliedSeconds", name),
        own("OldestUnsettledSeconds", name),
        ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", `${stack}-${name}`],
      ],
      stat: "Maximum",
      promise: { label: "objective", value: objectiveSeconds },
    },
    { title: `${name}: messages waiting, and dead letters`, ...depths(name) },
  ];
}

function sourceRow({ webhooks, okta, roster }: Parameters<typeof dashboardResources>[0]): Chart[] {
  const told: Chart = {
    title: "Sources: events of webhooks and Okta",
    metrics: [
      own("SourceEventsPublished"),
      own("SourceEventsNotPublished"),
      ...(webhooks ? [own("WebhooksRefused")] : []),
    ],
    stat: "Sum",
  };
  return [
    ...(webhooks || okta ? [told] : []),
    ...(okta ? [{ title: "Sources: Okta's events waiting, and dead letters", ...depths("okta") }] : []),
    ...(roster ? [rosterChart()] : []),
  ];
}

function rosterChart(): Chart {
  const directory = [own("RosterDrift"), own("RosterUnsolved")];
  const events = [own("RosterEventsPublished"), own("RosterEventsNotPublished")];
  return {
    title: "Sources: the roster's drift and its events",
    metrics: [...directory, ...events, own("RosterNotBelieved")],
    stat: "Maximum",
  };
}

/** How full a queue is, and its dead-letter queue. */
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

/** Which accounts there are is the policy's to say, and may change: the dashboard searches for them. */
function byAccount(name: MetricName): MetricLine {
  return search(name, ["account", "pipeline", "service"], "Sum");
}

/** Told by the function that runs every minute, and so by no pipeline. */
function latches(): MetricLine {
  return search("LatchClosed", ["account", "service"], "Maximum");
}

function search(name: MetricName, dimensions: readonly DimensionName[], stat: Chart["stat"]): MetricLine {
  const schema = `{${metricNamespace},${dimensions.join(",")}}`;
  const expression = `SEARCH('${schema} MetricName="${name}" service="${stack}"', '${stat}', 300)`;
  return [{ expression, id: name.charAt(0).toLowerCase() + name.slice(1), label: name }];
}

function toWidget({ title, metrics, stat, promise }: Chart, row: number, index: number, width: number) {
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
      ...(promise !== undefined && { annotations: { horizontal: [promise] } }),
    },
  };
}
