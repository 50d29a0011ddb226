import type { EventFields, FieldValue, Position } from "./flattenEvent.ts";
import { matchValue } from "./matchValue.ts";
import type { FieldTest, Pattern } from "./parsePattern.ts";

/**
 * Whether an event (flattened) matches a pattern (parsed). Pure.
 *
 * Values that satisfy the pattern must come from one and the same element of an array: a person called Ann
 * in one element and a person who left in another are not "Ann left".
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

/** Both positions as one, or nothing if they stand in different elements of the same array. */
function join(a: Position, b: Position): Position | undefined {
  if (b.size === 0) return a;
  for (const [array, index] of b) {
    if ((a.get(array) ?? index) !== index) return undefined;
  }
  return new Map([...a, ...b]);
}
