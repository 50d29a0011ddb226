import { describe, expect, it } from "vitest";
import { fanOutToMessages } from "../../src/provisioning/commitResults.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { aDecision, aGroup, noon } from "./samples.ts";

describe("fanOutToMessages", () => {
  const group = aGroup(
    { index: 2, eventId: "newest" },
    {
      duplicates: [aDecision({ index: 4, eventId: "newest" })],
      older: [
        aDecision({ index: 0, eventId: "old", occurredAt: noon - 1 }),
        aDecision({ index: 1, eventId: "of the same time", intent: "reinstate" }),
      ],
    },
  );

  it("lets all messages about a person come again together", () => {
    const retry: Outcome = { kind: "retry", code: "Throttled", reason: "slow down" };
    expect(fanOutToMessages([{ group, outcome: retry }])).toEqual(
      [2, 4, 0, 1].map((index) => ({ index, outcome: retry })),
    );
  });

  it.each<Outcome>([
    { kind: "applied", requestId: "r-1" },
    { kind: "unchanged", because: "alreadySo" },
    { kind: "superseded", by: "newer still" },
    { kind: "rejected", code: "NotFound", reason: "gone" },
    { kind: "deferred", because: "notRegistered", until: 1 },
  ])(
    "gives $kind to the newest message only: its copies are duplicates, the others superseded",
    (outcome) => {
      expect(fanOutToMessages([{ group, outcome }])).toEqual([
        { index: 2, outcome },
        { index: 4, outcome: { kind: "unchanged", because: "duplicate" } },
        { index: 0, outcome: { kind: "superseded", by: "newest" } },
        { index: 1, outcome: { kind: "superseded", by: "newest", tie: "moreRestrictive" } },
      ]);
    },
  );
});
