import type { Intent, Pipeline } from "../pipelines.ts";
import { attributeOf, type Resource, type Resources, ref, sub } from "./cloudFormation.ts";
import { pipelineIds } from "./names.ts";

/** The two alarms of a pipeline: something lies in its dead-letter queue, and it is later than it promises. */
export function alarmResources(name: Intent, pipeline: Pipeline, topicArn: string | undefined): Resources {
  const ids = pipelineIds(name);
  return {
    [`${ids.deadLetterQueue}DepthAlarm`]: queueAlarm(ids.deadLetterQueue, topicArn, {
      AlarmName: sub(`\${AWS::StackName}-${name}-dead-letters`),
      AlarmDescription: `Messages lie in the dead-letter queue of ${name}: people whose access does not follow HR.`,
      MetricName: "ApproximateNumberOfMessagesVisible",
      Threshold: 0,
    }),
    [`${ids.queue}AgeAlarm`]: queueAlarm(ids.queue, topicArn, {
      AlarmName: sub(`\${AWS::StackName}-${name}-late`),
      AlarmDescription: `The oldest ${name} message has waited longer than ${pipeline.objectiveSeconds} s.`,
      MetricName: "ApproximateAgeOfOldestMessage",
      Threshold: pipeline.objectiveSeconds,
    }),
  };
}

/** The alarm of the function that publishes what is due: while it fails, leavers of that day keep their access. */
export function publishDueAlarm(functionId: string, topicArn: string | undefined): Resources {
  return {
    PublishDueErrorsAlarm: alarm(topicArn, {
      AlarmName: sub(`\${AWS::StackName}-publish-due-fails`),
      AlarmDescription: "Decisions whose day has come are not published: the function fails.",
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: ref(functionId) }],
      Threshold: 0,
    }),
  };
}

function queueAlarm(
  queueId: string,
  topicArn: string | undefined,
  properties: Resource["Properties"],
): Resource {
  return alarm(topicArn, {
    Namespace: "AWS/SQS",
    Dimensions: [{ Name: "QueueName", Value: attributeOf(queueId, "QueueName") }],
    ...properties,
  });
}

function alarm(topicArn: string | undefined, properties: Resource["Properties"]): Resource {
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
      // What is idle reports nothing, and that is well.
      TreatMissingData: "notBreaching",
      ...(topicArn !== undefined && { AlarmActions: [topicArn], OKActions: [topicArn] }),
      ...properties,
    },
  };
}
