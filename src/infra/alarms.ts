import type { Intent, Pipeline } from "../pipelineSettings.ts";
import type { Resources } from "./cloudFormation.ts";
import { type Alarm, toAlarmResources } from "./metricAlarm.ts";
import { type oktaIds, pipelineIds } from "./names.ts";
import type { RosterParameters } from "./rosterParameters.ts";

/**
 * The alarms of a pipeline: whatever keeps people's access from following HR.
 *
 * @param readsBack whether a directory of the stack is one whose changes are read again
 */
export function alarmResources(
  name: Intent,
  pipeline: Pipeline,
  topicArn: string | undefined,
  readsBack: boolean,
): Resources {
  const alarms = [
    ...pipelineAlarms(name, pipeline),
    ...(readsBack ? [notApplied(name)] : []),
    ...(pipeline.intent === "offboard" ? leaverAlarms(name) : []),
  ];
  return toAlarmResources(alarms, topicArn);
}

/** The alarms of the function that publishes due decisions. While it fails, leavers of that day keep their access. */
export function publishDueAlarms(functionId: string, topicArn: string | undefined): Resources {
  return toAlarmResources(
    [
      {
        name: "publish-due-fails",
        description:
          "Decisions that are due are not published, because the function fails: leavers of today keep their access. Its log says why.",
        metric: { kind: "function", name: "Errors", id: functionId },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 60,
      },
      {
        name: "publish-due-does-not-run",
        description:
          "Decisions that are due are not published, because the schedule has stopped: leavers of today keep their access.",
        metric: { kind: "function", name: "Invocations", id: functionId },
        statistic: "Sum",
        threshold: "none",
        periodSeconds: 300,
      },
      {
        name: "publish-due-leaves-some",
        description:
          "Some decisions that are due cannot be published. The log names their events; `rollcall pending` names an item that cannot be read. Repair or remove them in the ledger.",
        metric: { kind: "own", name: "DueNotPublished" },
        statistic: "Maximum",
        threshold: 0,
        periodSeconds: 60,
        // A refusal by the bus is often over a minute later.
        periods: 5,
      },
      {
        name: "latch-closed",
        description:
          "The safeguard holds suspensions, because more people leave at once than the policy allows. `rollcall held list` names them.",
        metric: { kind: "own", name: "LatchClosed" },
        statistic: "Maximum",
        threshold: 0,
        periodSeconds: 60,
      },
      {
        name: "paused",
        description:
          "An operator has paused Rollcall, in whole or in part: what is paused is not carried out, and leavers keep their access. `rollcall status` says who did it and why, `rollcall resume` ends it.",
        metric: { kind: "own", name: "PausesInForce" },
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
      description: `The dead-letter queue of ${name} holds messages: the access of these people does not follow HR. \`rollcall dlq list\` says why.`,
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
      description: `A ${name} decision has been retried for longer than ${objectiveSeconds} s. The log lines with the message "retry" say why.`,
      metric: { kind: "own", name: "OldestUnsettledSeconds", pipeline: name },
      statistic: "Maximum",
      threshold: objectiveSeconds,
      periodSeconds: beyondBackOffSeconds,
    },
    {
      name: `${name}-refused`,
      description: `The directory refuses the calls of ${name}. Check the credentials, the role's permissions and the account. No decision is lost: all are retried.`,
      metric: { kind: "own", name: "ConfigurationRefused", pipeline: name },
      statistic: "Sum",
      threshold: 0,
      periodSeconds: beyondBackOffSeconds,
    },
    {
      name: `${name}-person-ambiguous`,
      description: `Two people may share an id: decisions of ${name} under one personId are about different addresses. Leavers among them keep their access. \`rollcall dlq list --code PersonAmbiguous\` names the events.`,
      metric: { kind: "own", name: "PersonAmbiguous", pipeline: name },
      statistic: "Sum",
      threshold: 0,
      periodSeconds: 300,
    },
    {
      name: `${name}-function-fails`,
      description: `The function of ${name} cannot start, or runs out of time or memory.`,
      metric: { kind: "function", name: "Errors", id: ids.function },
      statistic: "Sum",
      threshold: 0,
      periodSeconds: 300,
    },
    loopStopped(name, ids.function),
    {
      name: `${name}-batch-fails`,
      description: `A whole batch of ${name} failed and is retried, because of a defect or a timeout. The log says where.`,
      metric: { kind: "own", name: "BatchesFailed", pipeline: name },
      statistic: "Maximum",
      threshold: 0,
      periodSeconds: 300,
    },
  ];
}

/** No retry shows it: whoever made the change was told that it was done. */
function notApplied(name: Intent): Alarm {
  return {
    name: `${name}-not-applied`,
    description: `A directory says that it has made changes of ${name}, and has not: leavers among these people keep their access. They are retried, and then dead letters. The log lines with the code NotApplied name the account; ask its vendor. \`rollcall plan\` with a full roster names everybody whose access differs.`,
    metric: { kind: "own", name: "NotApplied", pipeline: name },
    statistic: "Sum",
    threshold: 0,
    periodSeconds: beyondBackOffSeconds,
  };
}

/** An alarm worth waking somebody for: somebody who left still has access. */
function leaverAlarms(name: Intent): Alarm[] {
  const fourHours = 14_400;
  return [
    {
      name: "leavers-late",
      description: "A leaver was suspended more than 4 hours after the leave took effect.",
      metric: { kind: "own", name: "EventToAppliedSeconds", pipeline: name },
      statistic: "Maximum",
      threshold: fourHours,
      periodSeconds: beyondBackOffSeconds,
    },
  ];
}

/** Longer than the longest back-off: a message in trouble reports no more often, and its alarm must not end in between. */
const beyondBackOffSeconds = 1800;

/** The alarms of the function that receives webhooks. A vendor that stops sending is noticed by `silenceAlarms.ts` alone. */
export function webhookAlarms(functionId: string, topicArn: string | undefined): Resources {
  return toAlarmResources(
    [
      {
        name: "webhook-fails",
        description: "The function that receives webhooks fails or runs out of time. Its log says why.",
        metric: { kind: "function", name: "Errors", id: functionId },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 300,
      },
      {
        name: "webhooks-refused",
        description:
          "Webhook requests rejected: bad signature, replayed, unknown vendor, or too large. The log says which. If they were the vendor's own, its leavers keep access: compare the signing key.",
        metric: { kind: "own", name: "WebhooksRefused" },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 300,
      },
      {
        name: "source-events-not-published",
        description:
          "An event from a webhook or from Okta could not be published. The log says why; the sender retries most of them.",
        metric: { kind: "own", name: "SourceEventsNotPublished" },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 300,
      },
    ],
    topicArn,
  );
}

/** The alarms of the function that receives Okta's events. */
export function oktaAlarms(
  { deadLetterQueue, queue, function: functionId }: typeof oktaIds,
  topicArn: string | undefined,
): Resources {
  return toAlarmResources(
    [
      {
        name: "okta-dead-letters",
        description:
          "Events from Okta that could not be turned into HR events are in the dead-letter queue. `rollcall dlq list` says why.",
        metric: { kind: "queue", name: "ApproximateNumberOfMessagesVisible", id: deadLetterQueue },
        statistic: "Maximum",
        threshold: 0,
        periodSeconds: 60,
      },
      {
        name: "okta-late",
        description: "The oldest event from Okta has waited longer than 900 s.",
        metric: { kind: "queue", name: "ApproximateAgeOfOldestMessage", id: queue },
        statistic: "Maximum",
        threshold: 900,
        periodSeconds: 60,
      },
      {
        name: "okta-function-fails",
        description: "The function that receives Okta's events cannot start, or runs out of time or memory.",
        metric: { kind: "function", name: "Errors", id: functionId },
        statistic: "Sum",
        threshold: 0,
        periodSeconds: 300,
      },
      loopStopped("okta", functionId),
    ],
    topicArn,
  );
}

/**
 * The alarm of a function that sends to its own queue. What Lambda's detection of loops drops is neither an error nor an
 * invocation, and ends in the dead-letter queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
function loopStopped(name: string, functionId: string): Alarm {
  return {
    name: `${name}-loop-stopped`,
    description: `Lambda takes what ${name} sends to its own queue for a loop and drops it. Set the function's recursive loop detection to Allow, as the template does, and redrive the dead letters.`,
    metric: { kind: "function", name: "RecursiveInvocationsDropped", id: functionId },
    statistic: "Sum",
    threshold: 0,
    periodSeconds: 300,
  };
}

/** The alarms of the function that reconciles the stored roster with the directory. */
export function rosterAlarms(
  functionId: string,
  { sync, rateSeconds }: Pick<RosterParameters, "sync" | "rateSeconds">,
  topicArn: string | undefined,
): Resources {
  // An alarm is to last from one run to the next, and a single late run is to raise none.
  const periodSeconds = 2 * rateSeconds;
  const own = { statistic: "Maximum", threshold: 0, periodSeconds } as const;
  const alarms: Alarm[] = [
    {
      name: "roster-not-believed",
      description:
        "The roster is empty, cut off, unreadable, too small, older than the last one, or a second one of the same time. Nothing was published: leavers whom only the roster names keep their access. The log says why. Export it again, or lower roster.leastPercent if the roster is right.",
      metric: { kind: "own", name: "RosterNotBelieved" },
      ...own,
    },
    {
      name: "roster-fails",
      description:
        "The roster, the directory or the ledger's table cannot be read, not every event was published, or time ran out. Leavers whom only the roster names keep their access. The log says why.",
      metric: { kind: "function", name: "Errors", id: functionId },
      ...own,
      statistic: "Sum",
    },
    {
      name: "roster-does-not-run",
      description:
        "The roster is not compared with the directory, because the schedule has stopped. Leavers whom only the roster names keep their access.",
      metric: { kind: "function", name: "Invocations", id: functionId },
      statistic: "Sum",
      threshold: "none",
      periodSeconds,
    },
    {
      name: "roster-too-old",
      description:
        "The roster is more than two days old: people who left since then keep their access. Find out why the HR system exports none.",
      metric: { kind: "own", name: "RosterAgeSeconds" },
      ...own,
      threshold: twoDaysInSeconds,
    },
    {
      name: "roster-drift",
      description: sync
        ? "The directory differs from a roster whose events were published. They were held or rejected, somebody changed a user by hand, or a newer decision from elsewhere, such as a webhook, stands; in that case the next export ends the alarm. `rollcall plan` names the people, `rollcall history` says why."
        : "The directory differs from the roster, and this stack only reports it. A leaver may have access, or a newer decision from elsewhere, such as a webhook, stands; in that case the next export ends the alarm. `rollcall plan` names the people, `rollcall sync` publishes the events.",
      metric: { kind: "own", name: "RosterDrift" },
      ...own,
    },
    {
      name: "roster-unsolved",
      description:
        "Findings that no event can fix: refused by the directory, waiting for registration, or a data conflict. A leaver among them keeps access. `rollcall plan` names them, as conflicts or as impossible, and says why. Suspend such a leaver in the account by hand, and correct the row, the user or the account.",
      metric: { kind: "own", name: "RosterUnsolved" },
      ...own,
    },
  ];
  const notPublished: Alarm = {
    name: "roster-events-not-published",
    description:
      "The bus did not accept every event of the roster: the access of these people does not follow HR until a later run publishes them. The log counts them by reason.",
    metric: { kind: "own", name: "RosterEventsNotPublished" },
    ...own,
  };
  return toAlarmResources(sync ? [...alarms, notPublished] : alarms, topicArn);
}

const twoDaysInSeconds = 172_800;
