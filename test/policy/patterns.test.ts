import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern, patternFinder } from "../../src/policy/patterns.ts";
import { processorTime } from "../processorTime.ts";

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

describe("matchesPattern", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "."), maxLength: 8 });

  it.each([
    ["engineer", "engineer", true],
    ["engineer", "engineers", false],
    ["engineer*", "engineer", true],
    ["engineer*", "engineering lead", true],
    ["*lead", "engineering lead", true],
    ["*@contractors.example", "ada@contractors.example", true],
    ["*@contractors.example", "ada@contractors.example.org", false],
    ["a*a", "a", false],
    ["a*b*c", "a-c-b", false],
    ["*", "", true],
    ["", "", true],
    ["a.c", "abc", false],
  ])("%j takes %j: %s", (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const source = pattern
          .split("*")
          .map((part) => part.replaceAll(".", "\\."))
          .join(".*");
        expect(matchesPattern(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("takes a hostile text in its stride", () => {
    const took = processorTime(() => {
      expect(matchesPattern(`${"a*".repeat(120)}b`, "a".repeat(200_000))).toBe(false);
    });
    expect(took).toBeLessThan(1000);
  });
});
