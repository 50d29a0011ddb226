import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern } from "../../src/policy/matchesPattern.ts";
import { processorTime } from "../processorTime.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "."), maxLength: 8 });

describe("matchesPattern", () => {
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
