import { isJsonObject } from "../../json.ts";
import type { Scalar } from "./valueTest.ts";

/** Which element of which array a value was found in; arrays are numbered as they are met. */
export type Position = ReadonlyMap<number, number>;

export interface FieldValue {
  value: Scalar;
  position: Position;
}

/** The leaves of an event by their path. An empty array or object has no leaf, so its path is absent. */
export type EventFields = ReadonlyMap<string, readonly FieldValue[]>;

/** Lists the leaves of an event (parsed JSON), so that one pass serves the patterns of every rule. */
export function flattenEvent(event: unknown): EventFields {
  const fields = new Map<string, FieldValue[]>();
  let arrays = 0;

  function visit(node: unknown, path: readonly string[], position: Position): void {
    if (Array.isArray(node)) {
      const array = arrays++;
      for (const [index, element] of node.entries()) {
        // A plain value of an array belongs to the array's field; only objects and arrays have an inside
        // whose fields must come from the same element.
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
