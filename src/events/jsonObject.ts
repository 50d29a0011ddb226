export type JsonObject = Readonly<Record<string, unknown>>;

/** An object in the JSON sense: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
