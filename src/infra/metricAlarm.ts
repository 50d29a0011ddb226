import { type DimensionName, type MetricName, metricNamespace } from "../observability/metricTable.ts";
import { attributeOf, type Resource, type Resources, ref, sub, type Value } from "./cloudFormation.ts";
import { capitalized } from "./names.ts";

/** The metric that an alarm watches. */
type AlarmMetric =
  /** A metric of `metricTable.ts`, of the whole stack, of one pipeline or of one source. */
  | { kind: "own"; name: MetricName; pipeline?: string; source?: string }
  | {
      kind: "queue";
      name: "ApproximateNumberOfMessagesVisible" | "ApproximateAgeOfOldestMessage";
      id: string;
    }
  | { kind: "function"; name: "Errors" | "Invocations" | "RecursiveInvocationsDropped"; id: string };

export interface Alarm {
  /** Follows the stack's name in the name of the alarm. */
  name: string;
  /** For the operator who is called: what happened, what it means for people, and what to do. At most 1,024 characters. */
  description: string;
  metric: AlarmMetric;
  statistic: "Maximum" | "Sum";
  /** The alarm is raised above this value. "none": it is raised below 1, because no value at all is the fault. */
  threshold: number | "none";
  /** CloudWatch evaluates the last period each minute, so a longer one raises the alarm no later, and ends it later. */
  periodSeconds: number;
  /** How many of the last periods have to be beyond the threshold. 1 by default. */
  periods?: number;
  /** A metric with values now and then only. CloudWatch would put older values in place of missing ones, and find no silence. */
  isSparse?: true;
}

/** Alarms as resources. Each notifies `topicArn`, if there is one, when it is raised and when it ends. */
export function toAlarmResources(alarms: readonly Alarm[], topicArn: string | undefined): Resources {
  return Object.fromEntries(alarms.map((alarm) => [alarmId(alarm), toAlarmResource(alarm, topicArn)]));
}

/** `offboard-dead-letters` is the resource `OffboardDeadLettersAlarm`. */
function alarmId({ name }: Alarm): string {
  return `${name.split("-").map(capitalized).join("")}Alarm`;
}

const place = `--region \${AWS::Region} --aws-account \${AWS::AccountId}`;

/**
 * The description, with the alarm's own stack in every command: whoever pastes one at night must not act on another stage. The names
 * are those that the command takes.
 */
function withTargets(description: string): string {
  return description.replaceAll(/`(rollcall ([a-z]+)[^`]*)`/g, (_, command: string, name: string) => {
    const resource = resourceNames[name] ?? `--table \${AWS::StackName}-ledger`;
    return `\`${command} ${resource} ${place}\``;
  });
}

const resourceNames: Partial<Record<string, string>> = {
  dlq: `--stack \${AWS::StackName}`,
  status: `--stack \${AWS::StackName}`,
  sync: `--bus \${AWS::StackName}`,
};

function toAlarmResource(alarm: Alarm, topicArn: string | undefined): Resource {
  const isAbsence = alarm.threshold === "none";
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmName: sub(`\${AWS::StackName}-${alarm.name}`),
      AlarmDescription: sub(withTargets(alarm.description)),
      ...(alarm.isSparse ? filledMetric(alarm) : plainMetric(alarm)),
      EvaluationPeriods: alarm.periods ?? 1,
      ComparisonOperator: isAbsence ? "LessThanThreshold" : "GreaterThanThreshold",
      Threshold: alarm.threshold === "none" ? 1 : alarm.threshold,
      // No data is good news, except from a function that has to run.
      TreatMissingData: isAbsence ? "breaching" : "notBreaching",
      ...(topicArn !== undefined && { AlarmActions: [topicArn], OKActions: [topicArn] }),
    },
  };
}

type WatchedMetric = Pick<Alarm, "metric" | "statistic" | "periodSeconds">;

function plainMetric({ metric, statistic, periodSeconds }: WatchedMetric): { [key: string]: Value } {
  return { ...toMetric(metric), Statistic: statistic, Period: periodSeconds };
}

/** Zeros stand where the metric has no value. */
function filledMetric({ metric, statistic, periodSeconds }: WatchedMetric): { [key: string]: Value } {
  const stat = { Metric: toMetric(metric), Period: periodSeconds, Stat: statistic };
  return {
    Metrics: [
      { Id: "sparse", MetricStat: stat, ReturnData: false },
      { Id: "filled", Expression: "FILL(sparse, 0)", ReturnData: true },
    ],
  };
}

function toMetric(metric: AlarmMetric): { [key: string]: Value } {
  switch (metric.kind) {
    case "own":
      return {
        Namespace: metricNamespace,
        MetricName: metric.name,
        Dimensions: [
          dimension("service", ref("AWS::StackName")),
          ...(metric.pipeline === undefined ? [] : [dimension("pipeline", metric.pipeline)]),
          ...(metric.source === undefined ? [] : [dimension("source", metric.source)]),
        ],
      };
    case "queue":
      return {
        Namespace: "AWS/SQS",
        MetricName: metric.name,
        Dimensions: [{ Name: "QueueName", Value: attributeOf(metric.id, "QueueName") }],
      };
    case "function":
      return {
        Namespace: "AWS/Lambda",
        MetricName: metric.name,
        Dimensions: [{ Name: "FunctionName", Value: ref(metric.id) }],
      };
  }
}

function dimension(name: DimensionName, value: Value): Value {
  return { Name: name, Value: value };
}
