import { isJsonObject, type JsonObject } from "../../json.ts";
import { parseValueTest } from "./parseValueTest.ts";
import { PatternError, type ValueTest } from "./valueTest.ts";

/** All tests of one field. The path joins the field names with dots, as EventBridge does. */
export interface FieldTest {
  path: string;
  tests: readonly ValueTest[];
}

/**
 * A parsed pattern. An event matches if it passes all field tests of at least one alternative; `$or` makes several.
 */
export interface Pattern {
  alternatives: readonly (readonly FieldTest[])[];
}

type Alternative = ReadonlyMap<string, readonly ValueTest[]>;

/**
 * Compiles an event pattern from parsed JSON. It throws a PatternError with the place where EventBridge would refuse
 * it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 *
 * Two details follow AWS's own matcher: of a field named both outside and inside `$or`, the later test counts, and
 * absence is tested in the order of the paths.
 */
export function parsePattern(pattern: unknown): Pattern {
  if (!isJsonObject(pattern)) throw new PatternError([], "an object", pattern);
  const alternatives = addFields([new Map()], pattern, { path: [], isInsideOr: false });
  return {
    alternatives: alternatives.map((fields) =>
      [...fields].map(([path, tests]) => ({ path, tests })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    ),
  };
}

interface Place {
  path: readonly string[];
  isInsideOr: boolean;
}

function addFields(alternatives: readonly Alternative[], object: JsonObject, place: Place): Alternative[] {
  const entries = Object.entries(object);
  if (entries.length === 0) throw new PatternError(place.path, "an object with at least one field", object);
  let result = [...alternatives];
  for (const [name, value] of entries) {
    result = name === "$or" ? addBranches(result, value, place) : addField(result, name, value, place);
  }
  return result;
}

function addField(alternatives: Alternative[], name: string, value: unknown, place: Place): Alternative[] {
  const path = [...place.path, name];
  if (place.isInsideOr && reservedInsideOr.has(name)) {
    throw new PatternError(path, "a field name that is not an operator inside $or", name);
  }
  if (isJsonObject(value)) return addFields(alternatives, value, { ...place, path });
  if (!Array.isArray(value) || value.length === 0) {
    throw new PatternError(path, "an object or an array with at least one value", value);
  }
  const tests = value.map((element) => parseValueTest(element, path));
  return alternatives.map((fields) => new Map(fields).set(path.join("."), tests));
}

function addBranches(alternatives: Alternative[], branches: unknown, place: Place): Alternative[] {
  const path = [...place.path, "$or"];
  if (!Array.isArray(branches) || branches.length < 2) {
    throw new PatternError(path, "an array of at least two objects", branches);
  }
  return branches.flatMap((branch: unknown) => {
    if (!isJsonObject(branch)) throw new PatternError(path, "objects only", branch);
    return addFields(alternatives, branch, { path: place.path, isInsideOr: true });
  });
}

/** AWS reserves these names, because an operator at this level stands one level too high. */
const reservedInsideOr: ReadonlySet<string> = new Set([
  "exactly",
  "equals-ignore-case",
  "prefix",
  "suffix",
  "anything-but",
  "exists",
  "wildcard",
  "numeric",
  "cidr",
]);
