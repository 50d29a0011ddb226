import { isJsonObject, type JsonObject } from "../json.ts";
import { type Place, TemplateError } from "./templateDocument.ts";

/** Replaces every intrinsic function in a value by its result. */
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

/** Throws for a dynamic reference. CloudFormation would fetch its value at deployment; the embedded stack cannot. */
function refuseDynamicReference(text: string, place: Place): string {
  if (!text.includes("{{resolve:")) return text;
  throw new TemplateError(
    place,
    `the dynamic reference ${text} cannot be looked up by the embedded stack. Pass a literal value or a parameter.`,
  );
}

interface IntrinsicContext {
  place: Place;
  scope: Scope;
  /** Resolves a part of the operand. `step` names the part in error messages. */
  resolve: (part: unknown, step: string) => unknown;
}

type Intrinsic = (operand: unknown, context: IntrinsicContext) => unknown;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html */
const intrinsics: Readonly<Record<string, Intrinsic>> = {
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

/** Replaces `${Name}` in the text of `Fn::Sub`. `${!Name}` becomes the text `${Name}`. */
function substitute(template: string, lookUp: (name: string) => string): string {
  return template.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) =>
    literal === "!" ? `\${${name}}` : lookUp(name.trim()),
  );
}

/** What intrinsic functions may look up. Each function throws a TemplateError at that place if there is no result. */
export interface Scope {
  /** The value of `Ref`: of a resource, a parameter or a pseudo parameter. */
  reference: (logicalId: string, place: Place) => unknown;
  /** The value of `Fn::GetAtt`. */
  attribute: (logicalId: string, attribute: string, place: Place) => unknown;
  /** Whether a condition of the template holds. */
  condition: (name: string, place: Place) => boolean;
}

/** The result of `AWS::NoValue`, which removes its property or list element. */
export const noValue = Symbol("AWS::NoValue");

/** Evaluates a condition of the template, or an operand of one. */
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
