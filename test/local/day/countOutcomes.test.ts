import { describe, expect, it } from "vitest";
import { countOutcomes } from "../../../src/local/day/countOutcomes.ts";

const drained = (outcomes: Record<string, number>) => ({ message: "drained", level: "INFO", outcomes });
const republished = (published: number, followUps = 0) => ({
  message: "published what was due",
  level: "INFO",
  published,
  followUps,
});

function countOf(lines: readonly (object | string)[], reasons: readonly string[] = []) {
  const counter = countOutcomes();
  for (const line of lines) counter.read({ line: typeof line === "string" ? line : JSON.stringify(line) });
  return counter.counts(reasons.map((reason) => ({ reason })));
}

describe("the count of outcomes", () => {
  it("adds up what the functions say of each batch", () => {
    const metrics = { _aws: { CloudWatchMetrics: [] }, Applied: 4 };
    const lines = [drained({ applied: 3 }), metrics, drained({ applied: 1, unchanged: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 4, unchanged: 1 }, retries: {}, followUps: 0 });
  });

  it("takes no retry for an end, and tells their reasons", () => {
    const retry = (code: string) => ({ message: "retry", level: "WARN", code });
    const lines = [retry("PersonBusy"), retry("PersonBusy"), retry("Throttled"), drained({ retry: 3 })];
    expect(countOf(lines)).toEqual({ outcomes: {}, retries: { PersonBusy: 2, Throttled: 1 }, followUps: 0 });
  });

  it("counts an event that was put off and came due once, by its end", () => {
    const lines = [drained({ deferred: 2 }), republished(1), drained({ applied: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 1, deferred: 1 }, retries: {}, followUps: 0 });
  });

  it("counts what follows from an event besides: nothing was put off for it", () => {
    const lines = [drained({ applied: 2, deferred: 1 }), republished(3, 2), drained({ applied: 3 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 5 }, retries: {}, followUps: 2 });
  });

  it("leaves out what has not happened", () => {
    const lines = [drained({ deferred: 1 }), republished(1), drained({ applied: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 1 }, retries: {}, followUps: 0 });
  });

  it("counts the events on which AWS itself gave up, by their dead letters", () => {
    expect(countOf([], ["Undelivered", "ReceivedTooOften", "Undelivered", "Malformed"])).toEqual({
      outcomes: { undelivered: 2, receivedTooOften: 1 },
      retries: {},
      followUps: 0,
    });
  });

  it("passes over all other lines, JSON or not", () => {
    const lines = ["", 'not "drained" JSON', "null", { message: "rejected" }, { message: "drained" }];
    expect(countOf(lines)).toEqual({ outcomes: {}, retries: {}, followUps: 0 });
  });
});
