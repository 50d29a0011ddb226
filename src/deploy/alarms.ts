import type { Intent, Pipeline } from "../pipelines.ts";
import type { Resources } from "./cloudFormation.ts";
import { type Alarm, toAlarmResources } from "./metricAlarm.ts";
import { pipelineIds } from "./names.ts";

/** Longer than the longest back-off, because what is in trouble reports no more often: an alarm must not end in between. */
const beyondBackOffSeconds = 1800;

/** The alarms of a pipeline. */
export function alarmResources(name: Intent, pipeline: Pipeline, topicArn: string | undefined): Resources {
  const alarms = [
    ...pipelineAlarms(name, pipeline),
    ...(pipeline.operations.includes("BatchSuspendUser") ? leaverAlarms(name) : []),
  ];
  return toAlarmResources(alarms, topicArn);
}

/** The alarms of the function that runs every minute: while it fails, leavers of that day keep their access. */
export function publishDueAlarms(functionId: string, topicArn: string | undefined): Resources {
  return toAlarmResources(
    [
      {
        name: "publish-due-fails",
        description: "Decisions whose day has come are not published: the function fails. Its log says why.",
        metric: { kind: "function", name: "Errors", id: functionId },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 60,
      },
      {
        name: "publish-due-does-not-run",
        description: "Decisions whose day has come are not published: the schedule has stopped.",
        metric: { kind: "function", name: "Invocations", id: functionId },
        statistic: "Sum",
        threshold: "none",
        periodSeconds: 300,
      },
      {
        name: "publish-due-leaves-some",
        description:
          "Some decisions whose day has come cannot be published. The log names them: repair or remove them in the ledger.",
        metric: { kind: "own", name: "DueNotPublished" },
        statistic: "Maximum",
        threshold: 0,
        periodSeconds: 60,
        // A bus that refuses once takes it a minute later.
        periods: 5,
      },
      {
        name: "latch-closed",
        description:
          "The safeguard holds suspensions: more people leave at once than the policy allows. `rollcall held list` says who.",
        metric: { kind: "own", name: "LatchClosed" },
        statistic: "Maximum",
        threshold: 0,
        periodSeconds: 60,
      },
    ],
    topicArn,
  );
}

function pipelineAlarms(name: Intent, { objectiveSeconds }: Pipeline): Alarm[] {
  const ids = pipelineIds(name);
  return [
    {
      name: `${name}-dead-letters`,
      description: `Messages lie in the dead-letter queue of ${name}: people whose access does not follow HR.`,
      metric: { kind: "queue", name: "ApproximateNumberOfMessagesVisible", id: ids.deadLetterQueue },
      statistic: "Maximum",
      threshold: 0,
      periodSeconds: 60,
    },
    {
      name: `${name}-late`,
      description: `The oldest ${name} message has waited longer than ${objectiveSeconds} s.`,
      metric: { kind: "queue", name: "ApproximateAgeOfOldestMessage", id: ids.queue },
      statistic: "Maximum",
      threshold: objectiveSeconds,
      periodSeconds: 60,
    },
    {
      name: `${name}-keeps-failing`,
      description: `A ${name} decision is tried again and again for longer than ${objectiveSeconds} s. The lines "retry" of the log say why.`,
      metric: { kind: "own", name: "OldestUnsettledSeconds", pipeline: name },
      statistic: "Maximum",
      threshold: objectiveSeconds,
      periodSeconds: beyondBackOffSeconds,
    },
    {
      name: `${name}-refused`,
      description: `The directory refuses calls of ${name}: check the credentials, the role's permissions and the account. Nobody is lost; all wait.`,
      metric: { kind: "own", name: "ConfigurationRefused", pipeline: name },
      statistic: "Sum",
      threshold: 0,
      periodSeconds: beyondBackOffSeconds,
    },
    {
      name: `${name}-function-fails`,
      description: `The function of ${name} cannot be started, runs out of time or out of memory.`,
      metric: { kind: "function", name: "Errors", id: ids.function },
      statistic: "Sum",
      threshold: 0,
      periodSeconds: 300,
    },
    {
      name: `${name}-batch-fails`,
      description: `A whole batch of ${name} failed and comes again: a defect, or no answer in time. The log says where.`,
      metric: { kind: "own", name: "BatchesFailed", pipeline: name },
      statistic: "Maximum",
      threshold: 0,
      periodSeconds: 300,
    },
  ];
}

/** What is worth waking somebody up for: somebody who left can still get in. */
function leaverAlarms(name: Intent): Alarm[] {
  const fourHours = 14_400;
  return [
    {
      name: "leavers-late",
      description: "Somebody who left was suspended more than 4 hours after that took effect.",
      metric: { kind: "own", name: "EventToAppliedSeconds", pipeline: name },
      statistic: "Maximum",
      threshold: fourHours,
      periodSeconds: beyondBackOffSeconds,
    },
  ];
}
