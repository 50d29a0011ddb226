import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveTime } from "../../src/events/eventTime.ts";
import {
  endOfDay,
  startOfDay,
  startOfDayAhead,
  toInstant,
  vendorTime,
} from "../../src/inbound/vendorDates.ts";

describe("a day of a vendor's", () => {
  const instantOf = (day: ReturnType<typeof endOfDay>) =>
    new Date((day && effectiveTime(day)) ?? NaN).toISOString();

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

  it("is ahead or not by the clock of the place, and says nothing once it has begun", () => {
    const days = ["2026-05-13T11:59:59Z", "2026-05-13T12:00:00Z"].map((occurredAt) =>
      startOfDayAhead("2026-05-14", "Pacific/Auckland", occurredAt),
    );
    expect(days).toEqual([{ effectiveDate: "2026-05-13", timeZone: "Pacific/Auckland" }, {}]);
    const others = ["", "soon"].map((date) => startOfDayAhead(date, "UTC", "2026-05-13T12:00:00Z"));
    expect(others).toEqual([{}, undefined]);
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

describe("a vendor's time", () => {
  it.each([
    ["an offset without a colon", "2026-01-31T18:42:00+0000", "2026-01-31T18:42:00.000Z"],
    ["an offset", "2026-01-31T18:42:00-08:00", "2026-02-01T02:42:00.000Z"],
    ["one digit of a second, and no offset", "2026-05-15T00:00:03.1", "2026-05-15T00:00:03.100Z"],
    ["more digits than a clock has", "2026-05-15T00:00:03.123456Z", "2026-05-15T00:00:03.123Z"],
    ["Unix seconds", 1671058841, "2022-12-14T23:00:41.000Z"],
    ["Unix seconds as text", "1671058841", "2022-12-14T23:00:41.000Z"],
  ])("is read with %s", (_, value, instant) => {
    expect(toInstant(value)).toBe(instant);
  });

  it.each(["", "yesterday", "2026-01-31", "2026-13-31T00:00:00Z", "31.01.2026", "1671058841000", -1, NaN])(
    "is none in %j",
    (value) => {
      expect(toInstant(value)).toBe(undefined);
    },
  );

  it("is the same however an instant is spelt", () => {
    const instants = fc.integer({ min: 1e9, max: 4e9 }).map((seconds) => new Date(seconds * 1000));
    fc.assert(
      fc.property(instants, (instant) => {
        const iso = instant.toISOString();
        const bare = iso.replace(/\.000Z$/, "");
        const spellings = [iso, `${bare}+0000`, `${bare}+00:00`, `${bare}.0`, bare, instant.getTime() / 1000];
        expect(spellings.map(vendorTime)).toEqual(spellings.map(() => instant.getTime()));
      }),
    );
  });
});
