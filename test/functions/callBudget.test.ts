import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callBudget } from "../../src/functions/callBudget.ts";

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
