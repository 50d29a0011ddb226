import { isJsonObject } from "../../json.ts";
import { type Place, TemplateError } from "../templateError.ts";
import { resolveValue } from "./resolveValue.ts";
import type { Scope } from "./scope.ts";

/** Evaluates one entry of the template's `Conditions`, or one operand inside of it. */
export function evaluateCondition(expression: unknown, place: Place, scope: Scope): boolean {
  const [name = "", operand] = (isJsonObject(expression) && Object.entries(expression)[0]) || [];
  const inner = () => {
    if (!Array.isArray(operand)) throw new TemplateError([...place, name], "expected a list of conditions.");
    return operand.map((part, index) => evaluateCondition(part, [...place, name, String(index)], scope));
  };

  switch (name) {
    case "Condition":
      return scope.condition(String(operand), [...place, name]);
    case "Fn::And":
      return inner().every((holds) => holds);
    case "Fn::Or":
      return inner().some((holds) => holds);
    case "Fn::Not":
      return !inner().every((holds) => holds);
    case "Fn::Equals": {
      const sides = resolveValue(operand, [...place, name], scope);
      if (Array.isArray(sides) && sides.length === 2) return String(sides[0]) === String(sides[1]);
      throw new TemplateError([...place, name], "expected a list of two values.");
    }
    default:
      throw new TemplateError(
        place,
        `expected one of Fn::Equals, Fn::And, Fn::Or, Fn::Not, Condition; got ${JSON.stringify(expression)}.`,
      );
  }
}
