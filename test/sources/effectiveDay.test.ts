import { describe, expect, it } from "vitest";
import { effectiveTime } from "../../src/events/effectiveTime.ts";
import { endOfDay, startOfDay } from "../../src/sources/effectiveDay.ts";

const instantOf = (day: ReturnType<typeof endOfDay>) =>
  new Date((day && effectiveTime(day)) ?? NaN).toISOString();

describe("a day of a vendor's", () => {
  it.each([
    ["Pacific/Auckland", "2026-05-14", "2026-05-14T12:00:00.000Z"],
    ["America/Los_Angeles", "2026-05-14", "2026-05-15T07:00:00.000Z"],
    // The clocks go back in the following night, and forward in the other.
    ["America/Los_Angeles", "2026-10-31", "2026-11-01T07:00:00.000Z"],
    ["Europe/London", "2026-03-28", "2026-03-29T00:00:00.000Z"],
    ["Europe/London", "2026-03-29", "2026-03-29T23:00:00.000Z"],
  ])("ends in %s on %s at the end of that local day", (timeZone, date, instant) => {
    expect(instantOf(endOfDay(date, timeZone))).toBe(instant);
  });

  it("begins when the day before it ends", () => {
    expect(startOfDay("2026-03-01", "UTC")).toEqual({ effectiveDate: "2026-02-28", timeZone: "UTC" });
    expect(instantOf(startOfDay("2026-05-14", "Pacific/Auckland"))).toBe("2026-05-13T12:00:00.000Z");
  });

  it.each([undefined, "", "0000-00-00"])("is none in %j, so that it takes effect at once", (date) => {
    expect([endOfDay(date, "UTC"), startOfDay(date, "UTC")]).toEqual([{}, {}]);
  });

  it.each(["2026-02-30", "14.05.2026", "08/09/2026", "2026-05-14T00:00:00Z", "soon"])(
    "cannot be read in %j, which must not be taken for none",
    (date) => {
      expect([endOfDay(date, "UTC"), startOfDay(date, "UTC")]).toEqual([undefined, undefined]);
    },
  );
});
