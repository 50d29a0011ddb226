import { type DimensionName, type MetricName, metricNamespace } from "../observability/metricTable.ts";
import { attributeOf, type Resource, type Resources, ref, sub, type Value } from "./cloudFormation.ts";
import { capitalized } from "./names.ts";

/** What an alarm looks at. */
type AlarmMetric =
  /** One of ours, of the whole stack or of one pipeline. */
  | { kind: "own"; name: MetricName; pipeline?: string }
  | {
      kind: "queue";
      name: "ApproximateNumberOfMessagesVisible" | "ApproximateAgeOfOldestMessage";
      id: string;
    }
  | { kind: "function"; name: "Errors" | "Invocations"; id: string };

export interface Alarm {
  /** What the name of the alarm ends in, after the stack's. */
  name: string;
  /** For whoever is woken up: what happened, and what it means for people. */
  description: string;
  metric: AlarmMetric;
  statistic: "Maximum" | "Sum";
  /** It goes off above this; or below one, where nothing at all is what is feared. */
  threshold: number | "none";
  /** CloudWatch looks back over so long a time each minute, so a longer one is no later to notice, only to forgive. */
  periodSeconds: number;
  /** So many of the last periods have to be beyond the threshold, all of them. 1 unless told. */
  periods?: number;
}

/** Alarms as resources. Each tells `topicArn`, if there is one, when it goes off and when it is over. */
export function toAlarmResources(alarms: readonly Alarm[], topicArn: string | undefined): Resources {
  return Object.fromEntries(alarms.map((alarm) => [alarmId(alarm), toAlarmResource(alarm, topicArn)]));
}

/** `offboard-dead-letters` is the resource `OffboardDeadLettersAlarm`. */
function alarmId({ name }: Alarm): string {
  return `${name.split("-").map(capitalized).join("")}Alarm`;
}

function toAlarmResource(alarm: Alarm, topicArn: string | undefined): Resource {
  const isAbsence = alarm.threshold === "none";
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmName: sub(`\${AWS::StackName}-${alarm.name}`),
      AlarmDescription: alarm.description,
      ...toMetric(alarm.metric),
      Statistic: alarm.statistic,
      Period: alarm.periodSeconds,
      EvaluationPeriods: alarm.periods ?? 1,
      ComparisonOperator: isAbsence ? "LessThanThreshold" : "GreaterThanThreshold",
      Threshold: alarm.threshold === "none" ? 1 : alarm.threshold,
      // What is idle reports nothing, and that is well; unless it should never be idle.
      TreatMissingData: isAbsence ? "breaching" : "notBreaching",
      ...(topicArn !== undefined && { AlarmActions: [topicArn], OKActions: [topicArn] }),
    },
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
