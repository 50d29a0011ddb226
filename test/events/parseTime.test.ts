import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTime } from "../../src/events/parseTime.ts";

describe("the time of a text", () => {
  it("is what Date makes of it, to the second and in UTC, in any year that has four digits", () => {
    const moments = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (moment) => {
        const text = `${moment.toISOString().slice(0, -".000Z".length)}Z`;
        expect(parseTime(text)).toBe(Date.parse(text));
      }),
    );
  });

  it.each([
    ["2026-05-14T17:00:05.250Z", Date.UTC(2026, 4, 14, 17, 0, 5, 250)],
    ["2026-05-14T17:00:05+02:00", Date.UTC(2026, 4, 14, 15, 0, 5)],
    ["2026-05-14T17:00:05.0-03:30", Date.UTC(2026, 4, 14, 20, 30, 5)],
    ["0042-05-14T17:00:05Z", Date.parse("0042-05-14T17:00:05.000Z")],
    ["2024-02-29T23:59:59Z", Date.UTC(2024, 1, 29, 23, 59, 59)],
  ])("%s", (text, moment) => {
    expect(parseTime(text)).toBe(moment);
  });
});
