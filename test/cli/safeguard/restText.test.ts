import { describe, expect, it } from "vitest";
import { restText } from "../../../src/cli/safeguard/restText.ts";

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
