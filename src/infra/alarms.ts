import type { Intent, Pipeline } from "../pipelines.ts";
import type { Resources } from "./cloudFormation.ts";
import { type Alarm, toAlarmResources } from "./metricAlarm.ts";
import { type oktaIds, pipelineIds } from "./names.ts";
import type { RosterParameters } from "./rosterParameters.ts";

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

/** The alarms of the function that takes in webhooks. Of a vendor that stops to call nothing can be known here. */
export function webhookAlarms(functionId: string, topicArn: string | undefined): Resources {
  return toAlarmResources(
    [
      {
        name: "webhook-fails",
        description:
          "Webhooks are answered with an error: the function fails, or runs out of time. Its log says why.",
        metric: { kind: "function", name: "Errors", id: functionId },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 300,
      },
      {
        name: "webhooks-refused",
        description:
          "A webhook was refused: its signature or time is wrong, its vendor has no parameter, or it is too large. If it is the vendor's own, its leavers keep access: compare the signing key. The log says why.",
        metric: { kind: "own", name: "WebhooksRefused" },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 300,
      },
      {
        name: "source-events-not-published",
        description:
          "A webhook or Okta told of somebody, and no event came of it. The log says why; most will be sent again.",
        metric: { kind: "own", name: "SourceEventsNotPublished" },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 300,
      },
    ],
    topicArn,
  );
}

/** The alarms of the function that takes in Okta's events. */
export function oktaAlarms(
  { deadLetterQueue, queue, function: functionId }: typeof oktaIds,
  topicArn: string | undefined,
): Resources {
  return toAlarmResources(
    [
      {
        name: "okta-dead-letters",
        description:
          "Events of Okta of which none of ours could be made lie in a dead-letter queue: see why there.",
        metric: { kind: "queue", name: "ApproximateNumberOfMessagesVisible", id: deadLetterQueue },
        statistic: "Maximum",
        threshold: 0,
        periodSeconds: 60,
      },
      {
        name: "okta-late",
        description: "The oldest event of Okta has waited longer than 900 s.",
        metric: { kind: "queue", name: "ApproximateAgeOfOldestMessage", id: queue },
        statistic: "Maximum",
        threshold: 900,
        periodSeconds: 60,
      },
      {
        name: "okta-function-fails",
        description:
          "The function that takes in Okta's events cannot be started, or runs out of time or memory.",
        metric: { kind: "function", name: "Errors", id: functionId },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 300,
      },
    ],
    topicArn,
  );
}

const twoDaysInSeconds = 172_800;

/** The alarms of the function that follows the roster. */
export function rosterAlarms(
  functionId: string,
  { sync, rateSeconds }: Pick<RosterParameters, "sync" | "rateSeconds">,
  topicArn: string | undefined,
): Resources {
  // So that an alarm lasts from one run to the next, and a single run that comes late rings for nobody.
  const periodSeconds = 2 * rateSeconds;
  const own = { statistic: "Maximum", threshold: 0, periodSeconds } as const;
  const alarms: Alarm[] = [
    {
      name: "roster-not-believed",
      description:
        "The roster is empty, cut off, broken, shrunken, older than the last one or another one of its time, and nothing was published: leavers whom only it names keep their access. The log says where: export it anew, or give a true lower roster.leastPercent.",
      metric: { kind: "own", name: "RosterNotBelieved" },
      ...own,
    },
    {
      name: "roster-fails",
      description:
        "The roster, the directory or the memory cannot be read, not every event was published, or time ran out: leavers whom only the roster names keep their access. The log says why.",
      metric: { kind: "function", name: "Errors", id: functionId },
      ...own,
      statistic: "Sum",
    },
    {
      name: "roster-does-not-run",
      description:
        "The roster is not looked at: the schedule has stopped. Leavers whom only it names keep their access.",
      metric: { kind: "function", name: "Invocations", id: functionId },
      statistic: "Sum",
      threshold: "none",
      periodSeconds,
    },
    {
      name: "roster-too-old",
      description:
        "The roster is more than two days old: whoever left since then keeps access. Look why the HR system exports none.",
      metric: { kind: "own", name: "RosterAgeSeconds" },
      ...own,
      threshold: twoDaysInSeconds,
    },
    {
      name: "roster-drift",
      description: sync
        ? "The directory is not as a roster says whose events were published: they were held or rejected, somebody changed a user by hand, or a newer decision from elsewhere, such as a webhook, came after it: that one is right, and the next export ends the alarm. `rollcall plan` names them, `rollcall history` says why."
        : "The directory is not as the roster says, and nothing is done about it: somebody may have access who has left, or a newer decision from elsewhere, such as a webhook, came after it and the next export ends the alarm. `rollcall plan` names them, `rollcall sync` acts.",
      metric: { kind: "own", name: "RosterDrift" },
      ...own,
    },
    {
      name: "roster-unsolved",
      description:
        "The roster names people for whom nothing can be done: the directory refuses it, or roster and directory contradict themselves about whose account it is. A leaver among them keeps access. `rollcall plan` names them, as conflicts or as impossible, and says why: suspend such a leaver in the account by hand, and mend the row, the user or the account.",
      metric: { kind: "own", name: "RosterUnsolved" },
      ...own,
    },
  ];
  const notPublished: Alarm = {
    name: "roster-events-not-published",
    description:
      "The bus did not accept every event of the roster: people whose access does not follow HR until a later run publishes them. The log counts them by reason.",
    metric: { kind: "own", name: "RosterEventsNotPublished" },
    ...own,
  };
  return toAlarmResources(sync ? [...alarms, notPublished] : alarms, topicArn);
}
