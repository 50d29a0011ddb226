import { maskEmails } from "./maskEmails.ts";

/**
 * One step of `JSON.stringify`, as its replacer: masks a text and the keys of an object, and cuts an error down to what
 * explains it. An error of the SDK can have a whole response at it, with headers and body.
 */
export function maskValue(value: unknown): unknown {
  if (typeof value === "string") return maskEmails(value);
  if (value instanceof Error) return replaced(value, toDescription);
  return isObject(value) && Object.keys(value).some(mayHoldAddress) ? replaced(value, withMaskedKeys) : value;
}

/** The same object each time, or whoever looks for circles would find none and go round for ever. */
function replaced<T extends object>(value: T, replace: (value: T) => object): object {
  const known = replacements.get(value);
  if (known !== undefined) return known;
  const replacement = replace(value);
  replacements.set(value, replacement);
  return replacement;
}

const replacements = new WeakMap<object, object>();

const explaining = ["name", "message", "code", "$metadata", "stack", "cause", "errors"];

function toDescription(error: Error): object {
  return Object.fromEntries(
    explaining.flatMap((key) => (Reflect.has(error, key) ? [[key, Reflect.get(error, key)]] : [])),
  );
}

function withMaskedKeys(object: object): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [maskEmails(key), value]));
}

function mayHoldAddress(key: string): boolean {
  return key.includes("@") || key.includes("%40");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
