import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSince, parseUntil } from "../../src/cli/options.ts";

const now = Date.parse("2026-05-14T08:00:00Z");

describe("parseUntil", () => {
  it.each([
    ["2026-06-30", "2026-06-30T23:59:59.999Z"],
    ["2028-02-29", "2028-02-29T23:59:59.999Z"],
    ["2026-06-30T12:00:00Z", "2026-06-30T12:00:00.000Z"],
    ["2026-06-30T12:00:00+02:00", "2026-06-30T10:00:00.000Z"],
    ["30s", "2026-05-14T08:00:30.000Z"],
    ["90m", "2026-05-14T09:30:00.000Z"],
    ["36h", "2026-05-15T20:00:00.000Z"],
    ["7d", "2026-05-21T08:00:00.000Z"],
    ["2 w", "2026-05-28T08:00:00.000Z"],
    ["0d", "2026-05-14T08:00:00.000Z"],
    ["999999999w", "+275760-09-13T00:00:00.000Z"],
  ])("takes %s for %s", (text, moment) => {
    const until = parseUntil(text, now);
    expect(until === undefined ? undefined : new Date(until).toISOString()).toBe(moment);
  });

  it.each([
    "",
    "soon",
    "7",
    "d",
    "-1d",
    "1.5h",
    "7y",
    "2026-02-30",
    "2026-6-1",
    "2026-06-30T12:00:00",
    "2026-06-30 12:00",
  ])("takes %j for nothing", (text) => {
    expect(parseUntil(text, now)).toBeUndefined();
  });

  it("gives a moment that a date can hold, or nothing, for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,12}[smhdw]$/)), (text) => {
        const until = parseUntil(text, now);
        return until === undefined || !Number.isNaN(new Date(until).getTime());
      }),
    );
  });
});

describe("parseSince", () => {
  it.each([
    ["2026-06-30", "2026-06-30T00:00:00.000Z"],
    ["2026-06-30T12:00:00+02:00", "2026-06-30T10:00:00.000Z"],
    ["36h", "2026-05-12T20:00:00.000Z"],
    ["999999999w", "1970-01-01T00:00:00.000Z"],
    ["soon", undefined],
    ["2026-02-30", undefined],
  ])("takes %s for %s", (text, moment) => {
    const since = parseSince(text, now);
    expect(since === undefined ? undefined : new Date(since).toISOString()).toBe(moment);
  });
});
