import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Stack } from "@rollcall/aws-local/stack";
import { seededRandom } from "../sampleDay/seededRandom.ts";
import type { HrEventLine } from "./drawDecisions.ts";
import type { Population } from "./population.ts";

/** Names of zones that some programs take and that no HR event may have: abbreviations, and one that does not exist. */
const zones = ["IST", "PST", "CST", "JST", "BST", "EAT", "Mars/Olympus"] as const;

/** One event in so many has such a zone. */
export const oneUnknownZoneIn = 50;

/**
 * Draws leaves whose day ends in a time zone that nobody knows. Each is a dead letter, suspends nobody, and fails none of the
 * events that come with it. They are no decisions.
 */
export function drawUnknownZones(
  { people }: Population,
  { seed, events }: { seed: number; events: number },
): HrEventLine[] {
  const random = seededRandom(seed + 2);
  const [someone, ...others] = people;
  if (someone === undefined) return [];
  return Array.from({ length: Math.floor(events / oneUnknownZoneIn) }, (_, index) => {
    const { personId, email } = random.pick([someone, ...others]);
    const occurredAt = "2025-09-01T08:00:00Z";
    return {
      "detail-type": "EmployeeLeft",
      detail: {
        metadata: { id: `chaos-${seed}-zone-${index + 1}`, schemaVersion: "1.0", occurredAt },
        data: { personId, email, effectiveDate: "2025-09-02", timeZone: random.pick(zones) },
      },
    };
  });
}

/** Injected faults refuse an entry now and then, and none for long. */
const tries = 8;

/** Puts an event on the bus as a producer of HR's own does, which checks nothing before. Throws if the bus never takes it. */
export async function putUnchecked(
  { eventBridge, model }: Pick<Stack, "eventBridge" | "model">,
  { detail, "detail-type": DetailType }: HrEventLine,
): Promise<void> {
  const EventBusName = model.buses[0]?.name;
  const entry = { EventBusName, Source: "rollcall.hr", DetailType, Detail: JSON.stringify(detail) };
  for (let left = tries; left > 0; left -= 1) {
    const { FailedEntryCount } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
    if (FailedEntryCount === 0) return;
  }
  throw new Error(`the bus did not accept ${detail.metadata.id}`);
}
