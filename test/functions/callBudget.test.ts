import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callBudget } from "../../src/functions/callBudget.ts";

const budgetWith = (remainingMilliseconds: number) => callBudget(() => remainingMilliseconds)();

describe("the budget of a call", () => {
  it("is at most half a minute, however much time is left", () => {
    expect(budgetWith(900_000)).toEqual({ milliseconds: 30_000 });
  });

  it("keeps a reserve for what follows the calls", () => {
    expect(budgetWith(40_000)).toEqual({ milliseconds: 25_000 });
  });

  it("is none where the answer of a call could come too late", () => {
    expect([17_000, 16_999, 0, -1].map(budgetWith)).toEqual([
      { milliseconds: 2_000 },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is asked for anew by each call", () => {
    let remaining = 30_000;
    const budget = callBudget(() => remaining);
    const first = budget();
    remaining = 10_000;
    expect([first, budget()]).toEqual([{ milliseconds: 15_000 }, undefined]);
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
