import type { WatchedSource } from "../policy/sourceSettings.ts";
import type { Resources } from "./cloudFormation.ts";
import { type Alarm, toAlarmResources } from "./metricAlarm.ts";
import { oktaIds } from "./names.ts";

/**
 * The alarms about sources that have fallen silent: a webhook that was deleted at the vendor makes no error anywhere.
 *
 * @param isReceived whether the stack has the function that a source comes through
 */
export function silenceAlarms(
  watched: readonly WatchedSource[],
  isReceived: (source: WatchedSource) => boolean,
  topicArn: string | undefined,
): Resources {
  return toAlarmResources(watched.filter(isReceived).map(toAlarm), topicArn);
}

function toAlarm({ origin, silentHours }: WatchedSource): Alarm {
  return {
    name: `source-silent-${origin}`,
    description: `Nothing has come from ${origin} for ${silentHours} hours (sources.${origin}.silentHours in the policy). People who leave there may keep their access. See there whether it still sends, and to which address; compare a roster with the directory (\`rollcall plan\`) to find whom it has not told of.`,
    metric:
      origin === "okta"
        ? // It is invoked for nothing but Okta's events.
          { kind: "function", name: "Invocations", id: oktaIds.function }
        : { kind: "own", name: "SourceHeard", source: origin },
    statistic: "Sum",
    threshold: "none",
    periodSeconds: 3600,
    periods: silentHours,
    isSparse: true,
  };
}
