import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callBudget, readSettings } from "../../src/lambda/settings.ts";
import { pipelineNames } from "../../src/pipelineSettings.ts";

const environment = {
  LOG_LEVEL: "INFO",
  POWERTOOLS_SERVICE_NAME: "rollcall-dev",
  PIPELINE: "offboard",
  QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/123456789012/offboard",
  DEAD_LETTER_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/123456789012/offboard-dlq",
  TABLE_NAME: "rollcall-ledger",
  POLICY_FILE: "policy.yml",
};
const names = Object.keys(environment);

/** The error about an environment that is wrong. */
function errorOf(wrong: Record<string, string | undefined>): string {
  try {
    return `no error, but ${JSON.stringify(readSettings(wrong))}`;
  } catch (error) {
    return String(error);
  }
}

/** The variables that an error names. */
const named = (error: string) => names.filter((name) => new RegExp(`\\b${name}: `).test(error));

describe("a function's settings", () => {
  it("are the variables that it needs, and no others", () => {
    expect(readSettings({ ...environment, PATH: "/usr/bin" })).toEqual(environment);
  });

  it.each(pipelineNames)("can be those of the pipeline %s", (name) => {
    expect(readSettings({ ...environment, PIPELINE: name }).PIPELINE).toBe(name);
  });

  it.each(names)("are refused without %s, which is named", (name) => {
    const error = errorOf({ ...environment, [name]: undefined });
    expect(named(error)).toEqual([name]);
  });

  it.each(names)("are refused with an empty %s, which is named", (name) => {
    const error = errorOf({ ...environment, [name]: "" });
    expect(named(error)).toEqual([name]);
  });

  it("are refused with everything that is wrong at once, and where to put it right", () => {
    const error = errorOf({ ...environment, PIPELINE: "outboard", QUEUE_URL: "offboard" });
    expect(error).toContain("src/infra/");
    expect(error).toContain("PIPELINE: Invalid option");
    expect(error).toContain("QUEUE_URL: Invalid URL");
  });
});

/** The budget of a call that starts when so much is left of an invocation of that length. */
function budgetWith(remainingMilliseconds: number, wholeMilliseconds = 900_000) {
  let remaining = wholeMilliseconds;
  const budget = callBudget(() => remaining);
  remaining = remainingMilliseconds;
  return budget();
}

describe("the budget of a call", () => {
  it("is at most half a minute, however much time is left", () => {
    expect(budgetWith(900_000)).toEqual({ milliseconds: 30_000 });
  });

  it("keeps a reserve for what follows the calls", () => {
    expect(budgetWith(40_000)).toEqual({ milliseconds: 25_000 });
  });

  it("is none where the answer of a call could come too late", () => {
    expect([17_000, 16_999, 0, -1].map((remaining) => budgetWith(remaining))).toEqual([
      { milliseconds: 2_000 },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is asked for anew by each call", () => {
    let remaining = 120_000;
    const budget = callBudget(() => remaining);
    const times = [30_000, 10_000].map((left) => {
      remaining = left;
      return budget();
    });
    expect(times).toEqual([{ milliseconds: 15_000 }, undefined]);
  });

  it("keeps a quarter of an invocation that is short", () => {
    expect([10_000, 6_000, 5_000].map((remaining) => budgetWith(remaining, 16_000))).toEqual([
      { milliseconds: 6_000 },
      { milliseconds: 2_000 },
      undefined,
    ]);
  });

  it("always ends before the reserve begins", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 900_000 }), (remaining) => {
        const budget = budgetWith(remaining);
        expect(budget === undefined || remaining - budget.milliseconds >= 15_000).toBe(true);
      }),
    );
  });
});
