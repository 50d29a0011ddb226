import { expect, it } from "vitest";
import type { JournalEntry, JournalOutcome } from "../../../src/ledger/ledger.ts";
import { followEvents } from "../../../src/operations/trigger/followEvents.ts";

const at = (second: number) => new Date(Date.parse("2026-05-14T08:00:00Z") + second * 1000).toISOString();

function entry(eventId: string, outcome: JournalOutcome, second: number): JournalEntry {
  return {
    personId: "P-1",
    eventId,
    version: `${at(0)}#${eventId}`,
    intent: "offboard",
    outcome,
    occurredAt: at(0),
    receivedAt: at(0),
    settledAt: at(second),
  };
}

/** Follows a and b while the journal grows: each reading, a second after the one before, shows the entries so far. */
async function follow(readings: readonly (readonly JournalEntry[])[], patienceSeconds = 60) {
  const told: string[] = [];
  let seconds = 0;
  const report = await followEvents(
    { eventIds: ["a", "b"], patienceMilliseconds: patienceSeconds * 1000 },
    {
      readEntries: async function* () {
        yield* readings[Math.min(seconds, readings.length - 1)] ?? [];
      },
      clock: () => seconds * 1000,
      sleep: async () => {
        seconds += 1;
      },
      signal: new AbortController().signal,
      onNews: ({ eventId, outcome }) => told.push(`${eventId} ${outcome}`),
    },
  );
  const { standing, unsettled } = report;
  return { told, standing, unsettled, seconds };
}

it("ends with the last outcome, tells each once, and takes the worst for all", async () => {
  const others = entry("c", "rejected", 1);
  const [a, b] = [entry("a", "applied", 1), entry("b", "held", 2)];
  expect(await follow([[others], [others, a], [others, a, b]])).toEqual({
    told: ["a applied", "b held"],
    standing: "waits",
    unsettled: [],
    seconds: 2,
  });
});

it("gives up when nothing changes for too long, and names what has no outcome", async () => {
  expect(await follow([[], [], [entry("a", "rejected", 2)]], 10)).toEqual({
    told: ["a rejected"],
    standing: "unsettled",
    unsettled: ["b"],
    seconds: 13,
  });
});
