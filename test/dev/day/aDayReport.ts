import type { DayReport } from "../../../dev/day/dayReport.ts";

/** A day on which one person left and all went well; a test names what it is about. */
export function aDayReport(given: Partial<DayReport> = {}): DayReport {
  return {
    events: { published: 1, malformed: 0, followUps: 0, refused: 0 },
    refusals: [],
    outcomes: { applied: 1 },
    retries: {},
    calls: [{ directory: "Amazon Chime", operations: { BatchSuspendUser: { calls: 1, users: 1 } } }],
    deadLetters: [],
    waiting: [],
    directory: [],
    lost: 0,
    busLosses: [],
    seconds: 12.3,
    ...given,
  };
}
