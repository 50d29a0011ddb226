import { isJsonObject } from "../../json.ts";
import { isComparableNumber } from "./parseNumericRange.ts";
import { parseText, type TextOperator } from "./parseText.ts";
import { PatternError } from "./patternError.ts";
import type { PresentTest } from "./valueTest.ts";

/**
 * Reads the operand of `anything-but`: a string, a number, a list of either, or one text operator
 * over a string or a list of strings. The test holds for every present value that none of them matches.
 */
export function parseAnythingBut(operand: unknown, path: readonly string[]): PresentTest {
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
    // An empty prefix or suffix would exclude every text; AWS refuses it here, though not outside anything-but.
    const isEmptyAffix = text === "" && (name === "prefix" || name === "suffix");
    if (typeof text !== "string" || isEmptyAffix) {
      throw new PatternError([...path, name], "a string or a list of strings, none empty", texts);
    }
    return parseText(name, text, [...path, name]);
  });
}
