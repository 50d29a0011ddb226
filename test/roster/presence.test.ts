import { describe, expect, it } from "vitest";
import { presenceAt } from "../../src/roster/presence.ts";
import { aRow } from "./samples.ts";

const at = (iso: string, row: Parameters<typeof aRow>[0], zone = "UTC") =>
  presenceAt(Date.parse(iso), zone)(aRow(row));

describe("presence", () => {
  it.each([
    ["Pacific/Auckland", "2026-05-14T11:59:59Z", "2026-05-14T12:00:00Z"],
    ["America/Los_Angeles", "2026-05-15T06:59:59Z", "2026-05-15T07:00:00Z"],
    // The clocks go back in the night after: the day has 24 h, the next one 25.
    ["Europe/Berlin", "2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z"],
  ])("ends at the end of the last day in %s", (timeZone, before, after) => {
    const lastDay = timeZone === "Europe/Berlin" ? "2026-10-24" : "2026-05-14";
    expect([at(before, { lastDay, timeZone }), at(after, { lastDay, timeZone })]).toEqual([
      "present",
      "left",
    ]);
  });

  it("ends in the roster's time zone where a row names none", () => {
    const row = { lastDay: "2026-05-14" };
    expect(at("2026-05-14T13:00:00Z", row, "Pacific/Auckland")).toBe("left");
    expect(at("2026-05-14T13:00:00Z", row)).toBe("present");
  });

  it("is told of each row by its own days and place, though many share them", () => {
    const presenceOf = presenceAt(Date.parse("2026-05-14T12:00:00Z"), "UTC");
    const rows = [
      { lastDay: "2026-05-14", timeZone: "Pacific/Auckland" },
      { lastDay: "2026-05-14" },
      { lastDay: "2026-05-13" },
      { lastDay: "2026-05-14", timeZone: "Pacific/Auckland" },
      { lastDay: "2026-05-14" },
    ];
    expect(rows.map((row) => presenceOf(aRow(row)))).toEqual(["left", "present", "left", "left", "present"]);
  });

  it("begins with the hire date", () => {
    const row = { hireDate: "2026-05-15", timeZone: "Pacific/Auckland" };
    expect(at("2026-05-14T11:59:59Z", row)).toBe("later");
    expect(at("2026-05-14T12:00:00Z", row)).toBe("present");
  });

  it("follows the last day rather than a status that was set ahead, or not yet", () => {
    const noon = "2026-05-14T12:00:00Z";
    expect(at(noon, { status: "left", lastDay: "2026-05-20" })).toBe("present");
    expect(at(noon, { status: "present", lastDay: "2026-05-13" })).toBe("left");
    expect(at(noon, { status: "left" })).toBe("left");
  });

  it("ends with the last day of an employment of one day, which is not an earlier one", () => {
    const row = { hireDate: "2026-05-13", lastDay: "2026-05-13" };
    expect(at("2026-05-13T23:59:59Z", row)).toBe("present");
    expect(at("2026-05-14T00:00:00Z", row)).toBe("left");
  });

  it("does not end by the last day of an earlier employment", () => {
    const row = { hireDate: "2026-05-01", lastDay: "2025-12-31" };
    expect(at("2026-05-14T12:00:00Z", { ...row, status: "present" })).toBe("present");
    expect(at("2026-05-14T12:00:00Z", { ...row, status: "left" })).toBe("left");
  });
});
