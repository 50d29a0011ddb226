import { isIP } from "node:net";
import { isComparableNumber } from "./parseNumericRange.ts";
import { foldCase, type NumericRange, type PresentTest, type Scalar } from "./valueTest.ts";
import { matchesWildcard } from "./wildcard.ts";

/** Whether one value that is present in an event passes one test of a pattern. */
export function matchValue(test: PresentTest, value: Scalar): boolean {
  switch (test.kind) {
    case "equals":
      return value === test.value;
    case "exists":
      return true;
    case "anything-but":
      // Also true for a value of another type: null is anything but "Pro".
      return !test.excluded.some((excluded) => matchValue(excluded, value));
    case "numeric":
      return isComparableNumber(value) && isInside(test.range, value);
    default:
      return typeof value === "string" && matchText(test, value);
  }
}

type TextTest = Exclude<PresentTest, { kind: "equals" | "exists" | "anything-but" | "numeric" }>;

function matchText(test: TextTest, text: string): boolean {
  switch (test.kind) {
    case "prefix":
      return (test.ignoreCase ? foldCase(text) : text).startsWith(test.text);
    case "suffix":
      return (test.ignoreCase ? foldCase(text) : text).endsWith(test.text);
    case "equals-ignore-case":
      return foldCase(text) === test.folded;
    case "wildcard":
      return matchesWildcard(test.wildcard, text);
    case "cidr": {
      const version = isIP(text);
      return version !== 0 && test.addresses.check(text, version === 4 ? "ipv4" : "ipv6");
    }
  }
}

function isInside(range: NumericRange, value: number): boolean {
  const isAbove = range.lowIncluded ? value >= range.low : value > range.low;
  const isBelow = range.highIncluded ? value <= range.high : value < range.high;
  return isAbove && isBelow;
}
