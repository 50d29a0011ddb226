import { describe, expect, it } from "vitest";
import { spreadOf } from "../../../bench/report/spread.ts";

describe("spreadOf", () => {
  it("gives the middle value of an odd number of runs", () => {
    expect(spreadOf([30, 1, 20])).toEqual({ min: 1, median: 20, max: 30 });
  });

  it("gives the mean of the two middle values of an even number of runs", () => {
    expect(spreadOf([40, 10, 30, 20])).toEqual({ min: 10, median: 25, max: 40 });
  });

  it("has nothing to say of no runs", () => {
    expect(() => spreadOf([])).toThrow("no values");
  });
});
