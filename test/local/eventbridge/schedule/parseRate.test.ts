import { describe, expect, it } from "vitest";
import { parseRate } from "../../../../src/local/eventbridge/schedule/parseRate.ts";

describe("parseRate", () => {
  it.each([
    ["rate(1 minute)", 60_000],
    ["rate(5 minutes)", 300_000],
    ["rate(1 hour)", 3_600_000],
    ["rate(12 hours)", 43_200_000],
    ["rate(1 day)", 86_400_000],
    ["rate(30 days)", 2_592_000_000],
  ])("reads %s", (expression, milliseconds) => {
    expect(parseRate(expression)).toBe(milliseconds);
  });

  it.each([
    "rate(1 minutes)",
    "rate(2 minute)",
    "rate(0 minutes)",
    "rate(1 week)",
    "rate(1.5 hours)",
    "5 minutes",
    "",
  ])("refuses %j as AWS does", (expression) => {
    expect(() => parseRate(expression)).toThrow("the singular for 1, the plural for more");
  });

  it("refuses cron by its name", () => {
    expect(() => parseRate("cron(0 12 * * ? *)")).toThrow("cron is not modelled");
  });
});
