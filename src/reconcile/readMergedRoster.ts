import { type MergedRoster, mergeRows, presenceAt } from "./mergeRows.ts";
import { type BrokenRoster, type ReadRosterOptions, readRoster } from "./reading/readRoster.ts";
import type { RosterUnderstanding } from "./reading/understanding.ts";

/**
 * Reads a roster, and merges its rows as of its time (milliseconds since the epoch). Nothing else holds the rows, which may be a
 * hundred megabytes.
 */
export async function readMergedRoster(
  bytes: AsyncIterable<Uint8Array>,
  asOf: number,
  settings: ReadRosterOptions,
): Promise<{ kind: "read"; roster: MergedRoster; understanding: RosterUnderstanding } | BrokenRoster> {
  const reading = await readRoster(bytes, settings);
  if (reading.kind === "broken") return reading;
  const { rows, understanding } = reading;
  return { kind: "read", roster: mergeRows(rows, presenceAt(asOf, settings.timeZone)), understanding };
}
