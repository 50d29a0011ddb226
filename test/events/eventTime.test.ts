import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveTime, isTimeZone } from "../../src/events/eventTime.ts";

const endOf = (effectiveDate: string, timeZone: string) => {
  const time = effectiveTime({ effectiveDate, timeZone });
  return time === undefined ? undefined : new Date(time).toISOString();
};

/** What people write for a zone. Intl takes each for one of its own; several are meant by people of two zones. */
const abbreviations = ["IST", "PST", "CST", "JST", "BST", "CAT", "EAT", "ACT", "AST", "NST"];

describe("an event takes effect", () => {
  it.each([
    ["2026-05-14T17:00:00+02:00", Date.UTC(2026, 4, 14, 15, 0, 0)],
    ["2026-05-14T17:00:05.250Z", Date.UTC(2026, 4, 14, 17, 0, 5, 250)],
    ["2026-05-14T17:00:05+02:00", Date.UTC(2026, 4, 14, 15, 0, 5)],
    ["2026-05-14T17:00:05.0-03:30", Date.UTC(2026, 4, 14, 20, 30, 5)],
    ["0042-05-14T17:00:05Z", Date.parse("0042-05-14T17:00:05.000Z")],
    ["2024-02-29T23:59:59Z", Date.UTC(2024, 1, 29, 23, 59, 59)],
  ])("at the moment that it names, whatever its offset, fraction and year: %s", (effectiveAt, moment) => {
    expect(effectiveTime({ effectiveAt })).toBe(moment);
  });

  it("at no time of its own, if it names none", () => {
    expect([effectiveTime({}), effectiveTime({ effectiveAt: undefined, effectiveDate: undefined })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each([
    ["Pacific/Auckland", "2026-05-14", "2026-05-14T12:00:00.000Z"],
    ["America/Los_Angeles", "2026-05-14", "2026-05-15T07:00:00.000Z"],
    ["Asia/Kathmandu", "2026-05-14", "2026-05-14T18:15:00.000Z"],
    ["UTC", "2026-05-14", "2026-05-15T00:00:00.000Z"],
    ["europe/berlin", "2026-05-14", "2026-05-14T22:00:00.000Z"],
  ])("when the named day is over in %s", (timeZone, date, instant) => {
    expect(endOf(date, timeZone)).toEqual(instant);
  });

  it.each([
    ["before the clocks go forward", "2026-03-28", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["in which they go forward", "2026-03-29", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
    ["before they go back", "2026-10-24", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
    ["in which they go back", "2026-10-25", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
    ["in which they go forward in the south", "2026-09-27", "Pacific/Auckland", "2026-09-27T11:00:00.000Z"],
    ["in which they go back in the west", "2026-11-01", "America/Los_Angeles", "2026-11-02T08:00:00.000Z"],
  ])("at the end of a day %s", (_, date, timeZone, instant) => {
    expect(endOf(date, timeZone)).toEqual(instant);
  });

  it.each([
    ["Sao Paulo", "2018-11-03", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
    ["Havana", "2024-03-09", "America/Havana", "2024-03-10T05:00:00.000Z"],
    ["Beirut", "2022-03-26", "Asia/Beirut", "2022-03-26T22:00:00.000Z"],
    ["Cairo", "2023-04-27", "Africa/Cairo", "2023-04-27T22:00:00.000Z"],
    ["Toronto, from half past eleven on", "1919-03-30", "America/Toronto", "1919-03-31T04:30:00.000Z"],
  ])(
    "at the first moment of the next day where there is no midnight that night: %s",
    (_, date, zone, instant) => {
      expect(endOf(date, zone)).toEqual(instant);
    },
  );

  it("at the first midnight of a night that has two", () => {
    expect(endOf("2024-11-02", "America/Havana")).toEqual("2024-11-03T04:00:00.000Z");
  });

  it("at the end of the day before one that the calendar skips", () => {
    const skipped = ["2011-12-29", "2011-12-30"].map((date) => endOf(date, "Pacific/Apia"));
    expect(skipped).toEqual(["2011-12-30T10:00:00.000Z", "2011-12-30T10:00:00.000Z"]);
  });

  it.each([
    ["a leap day", "2028-02-29", "2028-03-01T00:00:00.000Z"],
    ["the day before one", "2028-02-28", "2028-02-29T00:00:00.000Z"],
    ["the last of February else", "2026-02-28", "2026-03-01T00:00:00.000Z"],
    ["a year", "2026-12-31", "2027-01-01T00:00:00.000Z"],
    ["the last year that can be written", "9999-12-31", "+010000-01-01T00:00:00.000Z"],
  ])("at the end of %s", (_, date, instant) => {
    expect(endOf(date, "UTC")).toEqual(instant);
  });

  it("when the local calendar turns to a later day, in every zone that the runtime knows", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    const days = fc.date({ min: new Date("1971-01-01"), max: new Date("2037-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(zones, days, (timeZone, day) => {
        const effectiveDate = day.toISOString().slice(0, 10);
        const time = effectiveTime({ effectiveDate, timeZone }) ?? Number.NaN;
        const before = localDate(time - 1, timeZone);
        expect([before <= effectiveDate, localDate(time, timeZone) > effectiveDate]).toEqual([true, true]);
      }),
      { numRuns: 500 },
    );
  });

  /** The date on the wall, by the runtime's own calendar: the Swedish way of writing one is ISO 8601. */
  function localDate(time: number, timeZone: string): string {
    return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(time);
  }
});

describe("isTimeZone", () => {
  it.each(["Pacific/Auckland", "Europe/Berlin", "Asia/Kolkata", "UTC", "europe/berlin"])(
    "knows %s",
    (name) => {
      expect([isTimeZone(name), isTimeZone(name)]).toEqual([true, true]);
    },
  );

  it("knows a zone only if the end of a day can be found in it: Intl takes abbreviations that Temporal refuses", () => {
    const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
    const names = letters.flatMap((first) =>
      letters.flatMap((second) => [`${first}${second}T`, `${first}${second}`]),
    );
    const known = [...names, ...Intl.supportedValuesOf("timeZone")].filter(isTimeZone);
    const thrown = known.filter((timeZone) => {
      try {
        endOf("2026-05-14", timeZone);
        return false;
      } catch {
        return true;
      }
    });
    expect({ thrown, isKnown: known.length > 400 }).toEqual({ thrown: [], isKnown: true });
  });

  it.each(abbreviations)("refuses %s, in any case", (name) => {
    expect([isTimeZone(name), isTimeZone(name.toLowerCase())]).toEqual([false, false]);
  });

  it.each(["", "Mars/Olympus", "Europe", "+02:00", "-0400"])("refuses %j, and does so again", (name) => {
    expect([isTimeZone(name), isTimeZone(name)]).toEqual([false, false]);
  });
});
