import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patternFinder } from "../../src/policy/patternFinder.ts";

describe("patternFinder", () => {
  const find = patternFinder(["*", "Engineer*", "engineer", "1001"]);

  it.each([
    ["Engineer", "engineer"],
    ["1001", "1001"],
    ["engineering lead", "*"],
  ])("gives %j the text that names it, and else the first pattern that it fits", (text, pattern) => {
    expect(find(text)).toBe(pattern);
  });

  it("gives what fits none nothing", () => {
    const anything = patternFinder(["sales", "eng*"]);
    expect([anything("marketing"), patternFinder([])("")]).toEqual([undefined, undefined]);
  });

  it("makes no difference of case, in the pattern or in the text", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "B", "ä", "*"), maxLength: 5 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), text, (patterns, asked) => {
        const index = (find: ReturnType<typeof patternFinder>, given: string) => find(given)?.toLowerCase();
        const lower = patternFinder(patterns.map((pattern) => pattern.toLowerCase()));
        expect(index(patternFinder(patterns), asked.toUpperCase())).toBe(index(lower, asked));
      }),
    );
  });
});
