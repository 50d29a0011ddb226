import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  matchesWildcard,
  parseWildcard,
} from "../../../../../packages/aws-local/eventbridge/pattern/valueTest.ts";
import { processorTime } from "../../../../processorTime.ts";

function matches(pattern: string, text: string): boolean {
  const wildcard = parseWildcard(pattern);
  if ("refusal" in wildcard) throw new Error(wildcard.refusal);
  return matchesWildcard(wildcard, text);
}

describe("wildcard", () => {
  it("agrees with a regular expression on every text", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const pattern = letters.map((text) => text.replace(/\*+/g, "*"));
    fc.assert(
      fc.property(pattern, letters, (wildcard, text) => {
        const expression = new RegExp(`^${wildcard.replaceAll("*", ".*")}$`);
        expect(matches(wildcard, text)).toBe(expression.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("does not let two pieces share the same characters", () => {
    expect([matches("ab*ba", "aba"), matches("ab*ba", "abba"), matches("a*a*a", "aa")]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("takes an escaped asterisk and backslash for themselves", () => {
    expect([matches("a\\*b", "a*b"), matches("a\\*b", "axb"), matches("a\\\\b", "a\\b")]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("needs time in proportion to the text only", () => {
    const took = processorTime(() => {
      expect(matches(`${"a*".repeat(30)}b`, "a".repeat(100_000))).toBe(false);
    });
    expect(took).toBeLessThan(500);
  });
});
