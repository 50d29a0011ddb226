import { isJsonObject, type JsonObject } from "../../json.ts";
import { type Place, TemplateError } from "../templateError.ts";
import type { Scope } from "./scope.ts";
import { substitute } from "./substitute.ts";

interface IntrinsicContext {
  place: Place;
  scope: Scope;
  /** Resolves a part of the operand; the step names it in error messages. */
  resolve: (part: unknown, step: string) => unknown;
}

export type Intrinsic = (operand: unknown, context: IntrinsicContext) => unknown;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (operand, { scope, place }) => scope.reference(text(operand, place), place),
  "Fn::GetAtt": getAttribute,
  "Fn::Sub": sub,
  "Fn::Join": join,
  "Fn::Split": split,
  "Fn::Select": select,
  "Fn::If": choose,
};

function getAttribute(operand: unknown, { scope, place }: IntrinsicContext): unknown {
  const [logicalId, ...attribute] = Array.isArray(operand) ? operand : text(operand, place).split(".");
  return scope.attribute(text(logicalId, place), attribute.map((step) => text(step, place)).join("."), place);
}

function sub(operand: unknown, { place, scope, resolve }: IntrinsicContext): string {
  const [template, variables] = Array.isArray(operand) ? operand : [operand, {}];
  const own = record(resolve(variables, "1"), place);
  return substitute(text(template, place), (name) => {
    if (Object.hasOwn(own, name)) return text(own[name], place);
    const [logicalId = "", ...attribute] = name.split(".");
    const value =
      attribute.length === 0
        ? scope.reference(logicalId, place)
        : scope.attribute(logicalId, attribute.join("."), place);
    return text(value, place);
  });
}

function join(operand: unknown, { place, resolve }: IntrinsicContext): string {
  const [separator, parts] = pair(operand, place);
  return list(resolve(parts, "1"), place)
    .map((part) => text(part, place))
    .join(text(separator, place));
}

function split(operand: unknown, { place, resolve }: IntrinsicContext): string[] {
  const [separator, source] = pair(operand, place);
  return text(resolve(source, "1"), place).split(text(separator, place));
}

function select(operand: unknown, { place, resolve }: IntrinsicContext): unknown {
  const [index, parts] = pair(operand, place);
  const values = list(resolve(parts, "1"), place);
  const value = values[Number(resolve(index, "0"))];
  if (value !== undefined) return value;
  throw new TemplateError(place, `expected an index below ${values.length}, got ${JSON.stringify(index)}.`);
}

function choose(operand: unknown, { place, scope, resolve }: IntrinsicContext): unknown {
  const [name, whenTrue, whenFalse] = list(operand, place);
  return scope.condition(text(name, place), place) ? resolve(whenTrue, "1") : resolve(whenFalse, "2");
}

function text(value: unknown, place: Place): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TemplateError(place, `expected a text, got ${JSON.stringify(value) ?? String(value)}.`);
}

function list(value: unknown, place: Place): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(place, `expected a list, got ${JSON.stringify(value) ?? String(value)}.`);
}

function pair(value: unknown, place: Place): [unknown, unknown] {
  const [first, second, ...others] = list(value, place);
  if (second !== undefined && others.length === 0) return [first, second];
  throw new TemplateError(place, `expected a list of two, got ${JSON.stringify(value)}.`);
}

function record(value: unknown, place: Place): JsonObject {
  if (isJsonObject(value)) return value;
  throw new TemplateError(place, `expected an object, got ${JSON.stringify(value)}.`);
}
