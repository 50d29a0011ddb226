import type { Resources } from "./cloudFormation.ts";
import { toAlarmResources } from "./metricAlarm.ts";
import type { oktaIds } from "./names.ts";

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
