import { isJsonObject, type JsonObject } from "../json.ts";

/** A copy of an object without what stands at those paths: `Tags`, or `Code.S3Bucket` one level down. */
export function withoutPaths(object: JsonObject, paths: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(object).flatMap(([key, value]) => {
    if (paths.includes(key)) return [];
    const inner = paths.flatMap((path) => (path.startsWith(`${key}.`) ? [path.slice(key.length + 1)] : []));
    return [[key, isJsonObject(value) && inner.length > 0 ? withoutPaths(value, inner) : value] as const];
  });
  return Object.fromEntries(entries);
}
