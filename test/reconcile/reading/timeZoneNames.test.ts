import { describe, expect, it } from "vitest";
import { isTimeZone } from "../../../src/events/eventTime.ts";
import { toTimeZone } from "../../../src/reconcile/reading/timeZoneNames.ts";
import { windowsTimeZones } from "../../../src/reconcile/reading/windowsTimeZones.ts";

describe("the time zone that an export means", () => {
  it.each([
    ["Europe/Berlin", "Europe/Berlin"],
    ["W. Europe Standard Time", "Europe/Berlin"],
    ["(GMT-05:00) Eastern Time", "America/New_York"],
    ["(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"],
    ["GMT-08:00 Pacific Time (Los Angeles)", "America/Los_Angeles"],
    ["(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"],
    ["GMT+12:00 New Zealand Time (Auckland)", "Pacific/Auckland"],
    ["GMT United Kingdom Time (London)", "Europe/London"],
    ["GMT+03:00 Pacific Time (Los Angeles)", undefined],
    ["PST", undefined],
    ["somewhere", undefined],
  ])("%s", (text, zone) => {
    expect(toTimeZone(text)).toBe(zone);
  });

  it("is one that can end a day, for each of Windows' zones", () => {
    expect(Object.values(windowsTimeZones).filter((zone) => !isTimeZone(zone))).toEqual([]);
  });
});
