import { describe, expect, it } from "vitest";
import { limitText, restText, windowText } from "../../../src/cli/commands/safeguard/safeguardLines.ts";

const now = Date.parse("2026-05-14T12:00:00Z");
const on = {
  state: "on",
  atLeast: 50,
  percent: 5,
  windowMinutes: 60,
  immediate: 5,
  limit: null,
  activeUsers: null,
  passed: { people: 12, immediate: 0 },
} as const;
const counted = { ...on, limit: 500, activeUsers: { count: 10_000, countedAt: "2026-05-14T09:00:00Z" } };

describe("what may pass", () => {
  it("is so many at least where the active users have not been counted", () => {
    expect([windowText(on), limitText(on, now)]).toEqual([
      "12 suspended in the last 60 min",
      "50 people, or 5 % of the active users, who are counted when more are to be suspended",
    ]);
  });

  it("is a percentage of those who were counted", () => {
    expect([windowText(counted), limitText(counted, now)]).toEqual([
      "12 of 500 suspended in the last 60 min",
      "5 % of 10,000 active users (counted 3 h ago), at least 50 people",
    ]);
  });

  it("is a fixed number where no percentage is wanted", () => {
    expect(limitText({ ...counted, percent: 0, limit: 50 }, now)).toBe(
      "50 people, however many users there are",
    );
  });
});

const minute = 60_000;

describe("restText", () => {
  it.each([
    [120 * minute, "2 h"],
    [120 * minute - 29_000, "2 h"],
    [120 * minute - 31_000, "119 min"],
    [90 * minute, "90 min"],
    [minute, "60 s"],
    [45_000, "45 s"],
    [0, "0 s"],
  ])("tells %i ms as %s, to the nearest minute above one", (rest, text) => {
    expect(restText(1_000_000 + rest, 1_000_000)).toEqual(text);
  });
});
