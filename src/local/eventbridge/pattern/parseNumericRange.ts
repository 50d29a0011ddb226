import { PatternError } from "./patternError.ts";
import type { NumericRange } from "./valueTest.ts";

/** Numeric matching is defined from -5e9 to 5e9: eb-create-pattern-operators, "Numeric matching". */
const largestNumber = 5e9;

export function isComparableNumber(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= largestNumber;
}

const readableShapes: ReadonlySet<string> = new Set(["exact", "low", "high", "low high"]);

/**
 * Reads the array of a `numeric` test: `["=", 5]`, `["<", 10]` or `[">", 0, "<=", 5]`.
 * A range that no number can be in is refused, as AWS does.
 */
export function parseNumericRange(terms: unknown, path: readonly string[]): NumericRange {
  if (!Array.isArray(terms)) throw new PatternError(path, "an array of operators and numbers", terms);
  const bounds = readBounds(terms, path);
  const shape = bounds.map(({ side }) => side).join(" ");
  if (!readableShapes.has(shape)) {
    throw new PatternError(path, "one bound, or a lower one and then an upper one", terms);
  }
  // An exact value is both.
  const low = bounds.find(({ side }) => side !== "high");
  const high = bounds.findLast(({ side }) => side !== "low");
  const range = {
    low: low?.value ?? -largestNumber,
    high: high?.value ?? largestNumber,
    lowIncluded: low?.included ?? true,
    highIncluded: high?.included ?? true,
  };
  if (range.low >= range.high && shape !== "exact") {
    throw new PatternError(path, "a lower bound below the upper one", terms);
  }
  return range;
}

interface Bound {
  side: "low" | "high" | "exact";
  included: boolean;
  value: number;
}

const operators: Readonly<Record<string, Pick<Bound, "side" | "included">>> = {
  "=": { side: "exact", included: true },
  "<": { side: "high", included: false },
  "<=": { side: "high", included: true },
  ">": { side: "low", included: false },
  ">=": { side: "low", included: true },
};

function readBounds(terms: readonly unknown[], path: readonly string[]): Bound[] {
  const bounds: Bound[] = [];
  for (let at = 0; at < terms.length; at += 2) {
    const name = String(terms[at]);
    const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
    if (operator === undefined) {
      throw new PatternError(path, `one of ${Object.keys(operators).join(" ")} in numeric`, terms[at]);
    }
    const value: unknown = terms[at + 1];
    if (!isComparableNumber(value)) {
      throw new PatternError(path, `a number from -5e9 to 5e9 after ${name}`, value);
    }
    bounds.push({ ...operator, value });
  }
  return bounds;
}
