import { describe, expect, it } from "vitest";
import { type DayReport, isAccountedFor } from "../../../dev/day/dayReport.ts";
import { aDayReport } from "./aDayReport.ts";

describe("a day is accounted for", () => {
  const events = { published: 6, malformed: 1, followUps: 0, refused: 0 };
  const outcomes = { applied: 3, rejected: 1, undelivered: 1, receivedTooOften: 1 };

  it.each<[boolean, string, Partial<DayReport>]>([
    [true, "if every published event has an outcome", { events, outcomes }],
    [true, "if nothing was published", { events: { ...events, published: 0 }, outcomes: {} }],
    [true, "if lines were refused with a reason", { events: { ...events, refused: 2 }, outcomes }],
    [false, "unless one of them is lost", { events, outcomes, lost: 1 }],
    [false, "unless one of them has no outcome", { events, outcomes: { ...outcomes, applied: 2 } }],
    [false, "unless one of them has two outcomes", { events, outcomes: { ...outcomes, applied: 4 } }],
    [false, "unless the bus lost something", { events, outcomes, busLosses: ["1 event matched no rule"] }],
  ])("%s: %s", (expected, _, report) => {
    expect(isAccountedFor(aDayReport(report))).toEqual(expected);
  });
});
