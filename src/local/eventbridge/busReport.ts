import type { TargetOutcome } from "./delivery/deliverToTarget.ts";
import type { DeliveryFailure } from "./delivery/delivery.ts";

/** What became of all entries since the bus was started. */
export interface BusReport {
  accepted: number;
  refused: number;
  /** Events for which no enabled rule of their bus asked. AWS drops them without a word. */
  unmatched: number;
  /** Events per bus that does not exist. AWS accepts those as well, and loses them. */
  unknownBuses: Record<string, number>;
  /** Messages that reached a target: one per event and target, and one more per scripted copy. */
  delivered: number;
  deadLettered: number;
  /** Messages that are lost: not delivered, and with no dead-letter queue that took them. */
  dropped: DroppedMessage[];
}

interface DroppedMessage {
  eventId: string;
  ruleArn: string;
  targetArn: string;
  failure: DeliveryFailure;
  /** Why the dead-letter queue did not take it, if the target has one. */
  deadLetterFailure?: DeliveryFailure;
}

export function emptyReport(): BusReport {
  return {
    accepted: 0,
    refused: 0,
    unmatched: 0,
    unknownBuses: {},
    delivered: 0,
    deadLettered: 0,
    dropped: [],
  };
}

export function recordOutcome(
  report: BusReport,
  outcome: TargetOutcome,
  message: Pick<DroppedMessage, "eventId" | "ruleArn" | "targetArn">,
): void {
  switch (outcome.kind) {
    case "delivered":
      report.delivered++;
      break;
    case "deadLettered":
      report.deadLettered++;
      break;
    case "dropped": {
      const { kind: _, ...failures } = outcome;
      report.dropped.push({ ...message, ...failures });
    }
  }
}
