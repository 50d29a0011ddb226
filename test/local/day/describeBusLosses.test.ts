import { describe, expect, it } from "vitest";
import { describeBusLosses } from "../../../src/local/day/describeBusLosses.ts";
import { emptyReport } from "../../../src/local/eventbridge/busReport.ts";

describe("what the bus lost", () => {
  it("is nothing if every event was delivered or became a dead letter", () => {
    expect(describeBusLosses({ ...emptyReport(), accepted: 3, delivered: 2, deadLettered: 1 })).toEqual([]);
  });

  it("is told for events without a rule, for an unknown bus and for targets that took nothing", () => {
    const failure = (message: string) =>
      ({ kind: "failed", code: "NO_PERMISSIONS", message, isRetryable: false }) as const;
    const dropped = { eventId: "e", ruleArn: "rule", targetArn: "queue", failure: failure("no policy") };
    const report = {
      ...emptyReport(),
      unmatched: 2,
      unknownBuses: { hr: 1 },
      dropped: [dropped, { ...dropped, deadLetterFailure: failure("no policy either") }],
    };
    expect(describeBusLosses(report)).toEqual([
      "2 events matched no rule",
      "1 event went to the bus hr, which does not exist",
      "1 event could not be brought to queue (no policy), and the target has no dead-letter queue",
      "1 event could not be brought to queue (no policy), and its dead-letter queue did not take it (no policy either)",
    ]);
  });
});
