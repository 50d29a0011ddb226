import { dayMilliseconds } from "../../../events/day.ts";
import type { SeededRandom } from "../../sampleDay/seededRandom.ts";

/** All of it lies in the past, so that a decision takes effect as soon as it arrives. */
const spanStart = Date.parse("2025-01-06T00:00:00Z");
const spanSeconds = 120 * 86_400;

/** What HR's sites write behind a local time. */
const offsets = ["Z", "+02:00", "-04:00", "+05:30", "+12:00"] as const;
/** Zones without summer time, so that the oracle needs no calendar of its own to know when a day ends there. */
const zones = ["Asia/Tokyo", "Asia/Kolkata", "America/Phoenix"] as const;

/** When HR decided, in milliseconds. Some decisions about a person carry the time of the one before. */
export function drawOccurredAt(before: number | undefined, random: SeededRandom): number {
  if (before !== undefined && random.integer(1, 8) === 1) return before;
  const milliseconds = random.integer(1, 10) === 1 ? random.integer(0, 999) : 0;
  return spanStart + random.integer(0, spanSeconds) * 1000 + milliseconds;
}

/**
 * When it takes effect, as the fields of an event: mostly at once, else some days before or after it was decided, as an
 * instant or as a day. One in a hundred lies a little ahead of `startedAt`, so that it has to wait in the ledger.
 */
export function drawEffect(
  occurredAt: number,
  startedAt: number,
  random: SeededRandom,
): Readonly<Record<string, string>> {
  const kind = random.integer(1, 100);
  if (kind === 1) return { effectiveAt: new Date(startedAt + random.integer(10_000, 40_000)).toISOString() };
  if (kind > 20) return {};
  const other = occurredAt + random.integer(-3, 10) * dayMilliseconds;
  return kind > 6
    ? { effectiveAt: toTimestamp(other, random) }
    : { effectiveDate: new Date(other).toISOString().slice(0, 10), timeZone: random.pick(zones) };
}

/** The instant as a clock at one of HR's sites shows it. */
export function toTimestamp(milliseconds: number, random: SeededRandom): string {
  const offset = random.pick(offsets);
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const offsetMinutes = Number(`${sign ?? ""}1`) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  return new Date(milliseconds + offsetMinutes * 60_000).toISOString().replace("Z", offset);
}
