import { isJsonObject, type JsonObject } from "../../json.ts";
import { type Place, TemplateError } from "../templateError.ts";
import { type Intrinsic, intrinsics } from "./intrinsics.ts";
import { noValue, type Scope } from "./scope.ts";

/** Replaces every intrinsic function in a value by what it stands for. Pure but for what the scope looks up. */
export function resolveValue(value: unknown, place: Place, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value
      .map((element, index) => resolveValue(element, [...place, String(index)], scope))
      .filter((element) => element !== noValue);
  }
  if (typeof value === "string") return refuseDynamicReference(value, place);
  if (!isJsonObject(value)) return value;

  const found = findIntrinsic(value, place);
  if (found !== undefined) {
    return found.evaluate(found.operand, {
      place: [...place, found.name],
      scope,
      resolve: (part, step) => resolveValue(part, [...place, found.name, step], scope),
    });
  }
  const entries = Object.entries(value)
    .map(([key, part]) => [key, resolveValue(part, [...place, key], scope)] as const)
    .filter(([, part]) => part !== noValue);
  return Object.fromEntries(entries);
}

function findIntrinsic(
  value: JsonObject,
  place: Place,
): { name: string; operand: unknown; evaluate: Intrinsic } | undefined {
  const entries = Object.entries(value);
  const found = entries.find(([key]) => key === "Ref" || key.startsWith("Fn::"));
  if (found === undefined) return undefined;
  const [name, operand] = found;
  const evaluate = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
  if (evaluate === undefined || entries.length > 1) {
    const known = Object.keys(intrinsics).join(", ");
    throw new TemplateError(
      [...place, name],
      `expected one intrinsic function alone in its object, of ${known}; got ${entries.map(([key]) => key).join(", ")}.`,
    );
  }
  return { name, operand, evaluate };
}

/** CloudFormation would fetch the value at deployment; here nobody could. */
function refuseDynamicReference(text: string, place: Place): string {
  if (!text.includes("{{resolve:")) return text;
  throw new TemplateError(
    place,
    `the dynamic reference ${text} cannot be looked up by the embedded stack. Pass a literal value or a parameter.`,
  );
}
