import { describe, expect, it } from "vitest";
import { countOutcomes } from "../../../src/local/day/countOutcomes.ts";

const drained = (outcomes: Record<string, number>) => ({ message: "drained", level: "info", outcomes });
const republished = (published: number) => ({ message: "published what was due", level: "info", published });

function countOf(lines: readonly (object | string)[], reasons: readonly string[] = []) {
  const counter = countOutcomes();
  for (const line of lines) counter.read({ line: typeof line === "string" ? line : JSON.stringify(line) });
  return counter.counts(reasons.map((reason) => ({ reason })));
}

describe("the count of outcomes", () => {
  it("adds up what the functions say of each batch, and tells retries apart", () => {
    const lines = [drained({ applied: 3, retry: 2 }), drained({ applied: 1, unchanged: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 4, unchanged: 1 }, retries: 2 });
  });

  it("counts an event that was put off and came due once, by its end", () => {
    const lines = [drained({ deferred: 2 }), republished(1), drained({ applied: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 1, deferred: 1 }, retries: 0 });
  });

  it("leaves out what has not happened", () => {
    const lines = [drained({ deferred: 1 }), republished(1), drained({ applied: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 1 }, retries: 0 });
  });

  it("counts the events on which AWS itself gave up, by their dead letters", () => {
    expect(countOf([], ["Undelivered", "ReceivedTooOften", "Undelivered", "Malformed"])).toEqual({
      outcomes: { undelivered: 2, receivedTooOften: 1 },
      retries: 0,
    });
  });

  it("passes over all other lines, JSON or not", () => {
    const lines = ["", 'not "drained" JSON', "null", { message: "retry" }, { message: "drained" }];
    expect(countOf(lines)).toEqual({ outcomes: {}, retries: 0 });
  });
});
