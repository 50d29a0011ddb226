import type { Resources } from "./cloudFormation.ts";
import { type Alarm, toAlarmResources } from "./metricAlarm.ts";
import type { RosterParameters } from "./rosterParameters.ts";

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
