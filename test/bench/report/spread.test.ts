import { describe, expect, it } from "vitest";
import { percentileOf, spreadOf } from "../../../bench/report/spread.ts";

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

describe("percentileOf", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [1, 1],
    [50, 50],
    [95, 95],
    [100, 100],
  ])("gives the value that %i percent of the values do not exceed", (percent, value) => {
    expect(percentileOf(hundred, percent)).toBe(value);
  });

  it("gives one of the values, and never less than was asked for", () => {
    expect([percentileOf([3, 1, 2], 50), percentileOf([3, 1, 2], 67), percentileOf([7], 1)]).toEqual([
      2, 3, 7,
    ]);
  });

  it("has nothing to say of no values", () => {
    expect(() => percentileOf([], 50)).toThrow("no values");
  });
});
