import { describe, expect, it } from "vitest";
import { durationText } from "../../../src/cli/ledger/durationText.ts";

describe("durationText", () => {
  it.each([
    [0, "0 s"],
    [0.9, "0 s"],
    [-0.5, "0 s"],
    [119.9, "119 s"],
    [120, "2 min"],
    [7199, "119 min"],
    [7200, "2 h"],
    [172_799, "47 h"],
    [172_800, "2 d"],
    [31_536_000, "365 d"],
    [-90, "-90 s"],
    [-86_400, "-24 h"],
  ])("writes %d seconds as %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});
