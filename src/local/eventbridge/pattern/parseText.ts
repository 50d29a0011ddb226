import { isJsonObject } from "../../json.ts";
import { PatternError } from "./patternError.ts";
import { foldCase, type PresentTest } from "./valueTest.ts";
import { parseWildcard } from "./wildcard.ts";

export type TextOperator = "prefix" | "suffix" | "equals-ignore-case" | "wildcard";

/** Reads the operand of an operator that looks at texts. Prefix and suffix may ask for equals-ignore-case. */
export function parseText(operator: TextOperator, operand: unknown, path: readonly string[]): PresentTest {
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
