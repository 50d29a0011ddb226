import { BlockList, isIP } from "node:net";
import { isJsonObject, type JsonObject } from "../../json.ts";
import {
  foldCase,
  type NumericRange,
  PatternError,
  type PresentTest,
  parseWildcard,
  type ValueTest,
} from "./valueTest.ts";

/** Parses one element of a field's array: a value to equal, or an object with one operator. */
export function parseValueTest(element: unknown, path: readonly string[]): ValueTest {
  if (isJsonObject(element)) return parseOperator(element, path);
  if (typeof element === "string") return isIP(element) > 0 ? sameAddress(element) : equalTo(element);
  if (typeof element === "number" || typeof element === "boolean" || element === null)
    return equalTo(element);
  throw new PatternError(path, "a string, a number, true, false, null or an operator", element);
}

function equalTo(value: string | number | boolean | null): PresentTest {
  return { kind: "equals", value };
}

/** AWS compares IP addresses by value, so `::1` matches `0:0:0:0:0:0:0:1`. */
function sameAddress(address: string): PresentTest {
  const addresses = new BlockList();
  addresses.addAddress(address, isIP(address) === 4 ? "ipv4" : "ipv6");
  return { kind: "cidr", addresses };
}

type OperatorParser = (operand: unknown, path: readonly string[]) => ValueTest;

const operators: Readonly<Record<string, OperatorParser>> = {
  prefix: (operand, path) => parseText("prefix", operand, path),
  suffix: (operand, path) => parseText("suffix", operand, path),
  "equals-ignore-case": (operand, path) => parseText("equals-ignore-case", operand, path),
  wildcard: (operand, path) => parseText("wildcard", operand, path),
  "anything-but": parseAnythingBut,
  numeric: (operand, path) => ({ kind: "numeric", range: parseNumericRange(operand, path) }),
  cidr: parseCidr,
  exists: parseExists,
};

function parseOperator(element: JsonObject, path: readonly string[]): ValueTest {
  const entries = Object.entries(element);
  const [first] = entries;
  if (first === undefined || entries.length > 1) {
    throw new PatternError(path, "an object with exactly one operator", element);
  }
  const [name, operand] = first;
  const parse = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (parse === undefined) {
    throw new PatternError(path, `one of the operators ${Object.keys(operators).join(", ")}`, element);
  }
  return parse(operand, [...path, name]);
}

function parseCidr(operand: unknown, path: readonly string[]): ValueTest {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(String(operand)) ?? [];
  const version = isIP(address);
  if (typeof operand !== "string" || version === 0 || Number(bits) > (version === 4 ? 32 : 128)) {
    throw new PatternError(path, "an IPv4 or IPv6 block such as 10.0.0.0/8", operand);
  }
  const addresses = new BlockList();
  addresses.addSubnet(address, Number(bits), version === 4 ? "ipv4" : "ipv6");
  return { kind: "cidr", addresses };
}

function parseExists(operand: unknown, path: readonly string[]): ValueTest {
  if (typeof operand !== "boolean") throw new PatternError(path, "true or false", operand);
  return operand ? { kind: "exists" } : { kind: "absent" };
}

/**
 * Parses the operand of `anything-but`: a string, a number, a list of either, or one text operator with a string or a
 * list of strings. The test passes for every present value that none of them matches.
 */
function parseAnythingBut(operand: unknown, path: readonly string[]): PresentTest {
  const excluded = isJsonObject(operand)
    ? excludedTexts(operand, path)
    : excludedValues(Array.isArray(operand) ? operand : [operand], path);
  if (excluded.length === 0) throw new PatternError(path, "at least one value", operand);
  return { kind: "anything-but", excluded };
}

function excludedValues(values: readonly unknown[], path: readonly string[]): PresentTest[] {
  const isTexts = values.every((value) => typeof value === "string");
  if (!isTexts && !values.every(isComparableNumber)) {
    throw new PatternError(path, "strings only, or numbers from -5e9 to 5e9 only", values);
  }
  return values.map((value) => ({ kind: "equals", value }));
}

const textOperators: ReadonlySet<string> = new Set<TextOperator>([
  "prefix",
  "suffix",
  "equals-ignore-case",
  "wildcard",
]);

function isTextOperator(name: string | undefined): name is TextOperator {
  return name !== undefined && textOperators.has(name);
}

function excludedTexts(operand: Readonly<Record<string, unknown>>, path: readonly string[]): PresentTest[] {
  const [name, ...others] = Object.keys(operand);
  if (!isTextOperator(name) || others.length > 0) {
    throw new PatternError(path, `one of ${[...textOperators].join(", ")}`, operand);
  }
  const texts = operand[name];
  return (Array.isArray(texts) ? texts : [texts]).map((text: unknown) => {
    // An empty prefix or suffix would exclude every text. AWS refuses it here, though not outside anything-but.
    const isEmptyAffix = text === "" && (name === "prefix" || name === "suffix");
    if (typeof text !== "string" || isEmptyAffix) {
      throw new PatternError([...path, name], "a string or a list of strings, none empty", texts);
    }
    return parseText(name, text, [...path, name]);
  });
}

type TextOperator = "prefix" | "suffix" | "equals-ignore-case" | "wildcard";

/** Parses the operand of a text operator. Prefix and suffix may contain equals-ignore-case. */
function parseText(operator: TextOperator, operand: unknown, path: readonly string[]): PresentTest {
  const isAffix = operator === "prefix" || operator === "suffix";
  if (isAffix && isJsonObject(operand)) {
    const text = operand["equals-ignore-case"];
    if (typeof text !== "string" || Object.keys(operand).length !== 1) {
      throw new PatternError(path, "a string or {equals-ignore-case: string}", operand);
    }
    return { kind: operator, text: foldCase(text), ignoreCase: true };
  }
  if (typeof operand !== "string") throw new PatternError(path, "a string", operand);
  return toTextTest(operator, operand, path);
}

function toTextTest(operator: TextOperator, text: string, path: readonly string[]): PresentTest {
  switch (operator) {
    case "prefix":
    case "suffix":
      return { kind: operator, text, ignoreCase: false };
    case "equals-ignore-case":
      return { kind: operator, folded: foldCase(text) };
    case "wildcard": {
      const wildcard = parseWildcard(text);
      if ("refusal" in wildcard) throw new PatternError(path, `a wildcard without ${wildcard.refusal}`, text);
      return { kind: operator, wildcard };
    }
  }
}

/** Numeric matching is defined from -5e9 to 5e9: eb-create-pattern-operators, "Numeric matching". */
const largestNumber = 5e9;

export function isComparableNumber(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= largestNumber;
}

const readableShapes: ReadonlySet<string> = new Set(["exact", "low", "high", "low high"]);

/**
 * Parses the array of a `numeric` test: `["=", 5]`, `["<", 10]` or `[">", 0, "<=", 5]`. A range that contains no
 * number is refused, as AWS does.
 */
function parseNumericRange(terms: unknown, path: readonly string[]): NumericRange {
  if (!Array.isArray(terms)) throw new PatternError(path, "an array of operators and numbers", terms);
  const bounds = readBounds(terms, path);
  const shape = bounds.map(({ side }) => side).join(" ");
  if (!readableShapes.has(shape)) {
    throw new PatternError(path, "one bound, or a lower one and then an upper one", terms);
  }
  // An exact value is both bounds.
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

const comparisons: Readonly<Record<string, Pick<Bound, "side" | "included">>> = {
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
    const operator = Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
    if (operator === undefined) {
      throw new PatternError(path, `one of ${Object.keys(comparisons).join(" ")} in numeric`, terms[at]);
    }
    const value: unknown = terms[at + 1];
    if (!isComparableNumber(value)) {
      throw new PatternError(path, `a number from -5e9 to 5e9 after ${name}`, value);
    }
    bounds.push({ ...operator, value });
  }
  return bounds;
}
