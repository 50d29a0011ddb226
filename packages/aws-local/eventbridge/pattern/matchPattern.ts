import { isIP } from "node:net";
import { isJsonObject } from "../../json.ts";
import type { FieldTest, Pattern } from "./parsePattern.ts";
import { isComparableNumber } from "./parseValueTest.ts";
import { foldCase, matchesWildcard, type NumericRange, type PresentTest, type Scalar } from "./valueTest.ts";

/**
 * Says whether an event (flattened) matches a pattern (parsed).
 *
 * All matching values must come from the same element of an array: a person called Ann in one element and a person
 * who left in another are not "Ann left".
 */
export function matchPattern(pattern: Pattern, fields: EventFields): boolean {
  return pattern.alternatives.some((tests) => matchesFrom(tests, fields, new Map()));
}

function matchesFrom(tests: readonly FieldTest[], fields: EventFields, position: Position): boolean {
  const [test, ...others] = tests;
  if (test === undefined) return true;

  const reachable = (fields.get(test.path) ?? []).flatMap((field) => {
    const joined = join(position, field.position);
    return joined === undefined ? [] : [{ value: field.value, joined }];
  });
  if (reachable.length === 0) {
    return test.tests.some(({ kind }) => kind === "absent") && matchesFrom(others, fields, position);
  }
  return reachable.some(({ value, joined }) => passes(test, value) && matchesFrom(others, fields, joined));
}

function passes(test: FieldTest, value: FieldValue["value"]): boolean {
  return test.tests.some((one) => one.kind !== "absent" && matchValue(one, value));
}

/** Joins two positions; `undefined` if they are in different elements of the same array. */
function join(a: Position, b: Position): Position | undefined {
  if (b.size === 0) return a;
  for (const [array, index] of b) {
    if ((a.get(array) ?? index) !== index) return undefined;
  }
  return new Map([...a, ...b]);
}

/** Says whether one value of an event passes one test of a pattern. */
function matchValue(test: PresentTest, value: Scalar): boolean {
  switch (test.kind) {
    case "equals":
      return value === test.value;
    case "exists":
      return true;
    case "anything-but":
      // It also matches a value of another type: null is anything but "Pro".
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

/** The array elements in which a value was found. Arrays are numbered in the order of the event. */
type Position = ReadonlyMap<number, number>;

interface FieldValue {
  value: Scalar;
  position: Position;
}

/** The values of an event by their path. An empty array or object has no value, so its path is absent. */
type EventFields = ReadonlyMap<string, readonly FieldValue[]>;

/** Lists the values of an event (parsed JSON), so that one pass serves the patterns of all rules. */
export function flattenEvent(event: unknown): EventFields {
  const fields = new Map<string, FieldValue[]>();
  let arrays = 0;

  function visit(node: unknown, path: readonly string[], position: Position): void {
    if (Array.isArray(node)) {
      const array = arrays++;
      for (const [index, element] of node.entries()) {
        // A scalar in an array belongs to the array's field. Only the fields of objects and arrays must come from the
        // same element.
        const hasInside = typeof element === "object" && element !== null;
        visit(element, path, hasInside ? new Map(position).set(array, index) : position);
      }
    } else if (isJsonObject(node)) {
      for (const [name, value] of Object.entries(node)) visit(value, [...path, name], position);
    } else if (isScalar(node)) {
      const key = path.join(".");
      const values = fields.get(key);
      if (values === undefined) fields.set(key, [{ value: node, position }]);
      else values.push({ value: node, position });
    }
  }

  visit(event, [], new Map());
  return fields;
}

function isScalar(node: unknown): node is Scalar {
  return typeof node === "string" || typeof node === "number" || typeof node === "boolean" || node === null;
}
