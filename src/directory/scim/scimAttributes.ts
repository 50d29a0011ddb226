/**
 * Reads what a SCIM service sends as far as it can be understood: services differ in case, types and what they leave out.
 *
 * https://www.rfc-editor.org/rfc/rfc7643.html#section-2.1 (names of attributes are case-insensitive)
 */

export type ScimObject = Readonly<Record<string, unknown>>;

export function isScimObject(value: unknown): value is ScimObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an attribute, whatever the case of its name. */
export function attributeOf(object: ScimObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** A text that is not blank; `undefined` for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** A whole number that is not negative, also as a text; `undefined` for anything else. */
export function countOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** Some services store and send `"False"`, a text. `undefined` if it is neither. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  const word = value.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** The objects of a list; a sole object counts as a list of one. */
export function objectsOf(value: unknown): ScimObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isScimObject);
}

/** Where an attribute stands: `userType`, `name.givenName`, or `urn:…:User:attribute` for one of an extension. */
export function attributeAt(resource: ScimObject, path: string): unknown {
  const { extension, names } = parsePath(path);
  let value: unknown = extension === undefined ? resource : attributeOf(resource, extension);
  for (const name of names) value = isScimObject(value) ? attributeOf(value, name) : undefined;
  return value;
}

/** A resource with nothing but one attribute. */
export function withAttributeAt(path: string, value: unknown): ScimObject {
  const { extension, names } = parsePath(path);
  const inner = names.reduceRight<unknown>((content, name) => ({ [name]: content }), value);
  if (extension !== undefined) return { [extension]: inner };
  return isScimObject(inner) ? inner : {};
}

/** The schema of the extension that an attribute belongs to, if it does. */
export function extensionOf(path: string): string | undefined {
  return parsePath(path).extension;
}

/** The name of an extension has dots of its own, so the last colon comes first. */
function parsePath(path: string): { extension: string | undefined; names: string[] } {
  const colon = path.lastIndexOf(":");
  return {
    extension: colon === -1 ? undefined : path.slice(0, colon),
    names: path.slice(colon + 1).split("."),
  };
}
