import { describe, expect, it } from "vitest";
import { scheduleDigest } from "../../../../src/local/chaos/faults/scheduleDigest.ts";
import { arrivals } from "../../../../src/local/chaos/stream/arrivals.ts";
import { drawDecisions } from "../../../../src/local/chaos/stream/drawDecisions.ts";
import { population } from "../../../../src/local/chaos/stream/population.ts";

function digestOf(seed: number, { events = 200, startedAt = 0 } = {}): string {
  const everybody = population(events);
  return scheduleDigest(
    seed,
    arrivals(drawDecisions(everybody, { seed, events, startedAt }), seed),
    everybody.people,
  );
}

describe("the digest of a run's schedule", () => {
  const digest = digestOf(7);

  it("is the same whenever the run is started", () => {
    expect(digestOf(7, { startedAt: Date.parse("2026-05-14T08:00:00Z") })).toBe(digest);
  });

  it("is another for another seed or another number of events", () => {
    expect([digestOf(8) === digest, digestOf(7, { events: 201 }) === digest]).toEqual([false, false]);
  });
});
