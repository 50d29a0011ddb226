import type { DetailType } from "../../../src/events/hrEvent.ts";
import type { QueueRecord } from "../../../src/provisioning/decision.ts";
import { aRecord } from "../../provisioning/records.ts";
import { noon } from "../../provisioning/samples.ts";

/** The numbers of so many people, from 0. */
export function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

export function addressOf(number: number): string {
  return `person-${number}@team.example`;
}

/**
 * An event of one type for each person, of the account `team`.
 *
 * @param minute of the hour before noon: it orders events, and the same one makes the same events
 */
export function recordsOf(
  numbers: readonly number[],
  type: DetailType,
  minute: number,
  data: Record<string, unknown> = {},
): QueueRecord[] {
  return numbers.map((number) =>
    aRecord(type, {
      id: `${type}-${minute}-${number}`,
      occurredAt: new Date(noon - 3_600_000 + minute * 60_000).toISOString(),
      personId: `P-${number}`,
      email: addressOf(number),
      data,
    }),
  );
}

/** How often each value occurs. */
export function countOf(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
