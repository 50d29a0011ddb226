import { describe, expect, it } from "vitest";
import { isTimeZone } from "../../src/events/isTimeZone.ts";

describe("isTimeZone", () => {
  it.each(["Pacific/Auckland", "Europe/Berlin", "Asia/Kolkata", "UTC", "europe/berlin"])(
    "knows %s",
    (name) => {
      expect([isTimeZone(name), isTimeZone(name)]).toEqual([true, true]);
    },
  );

  it.each(["", "Mars/Olympus", "Europe", "+02:00", "-0400"])("refuses %j, and does so again", (name) => {
    expect([isTimeZone(name), isTimeZone(name)]).toEqual([false, false]);
  });
});
