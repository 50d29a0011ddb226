/**
 * Hides the person in every e-mail address of a text and keeps the domain, which is what an operator needs:
 * `ada.lovelace@example.com` becomes `a***@example.com`, also where the `@` is percent-encoded.
 *
 * It goes through each word once, so that a long text takes linear time whatever it is made of.
 */
export function maskEmails(text: string): string {
  return text.replaceAll(word, maskWord);
}

const word = /[^\s"<>(),:;]+/g;
const atSign = /@|%40/g;

/** Hides what stands before the word's last mailbox sign, because an `@` can also stand inside a local part. */
function maskWord(text: string): string {
  // Found once for all signs of the word: a local part has more than quotes and asterisks.
  const begin = text.search(/[^'*]/);
  const sign = [...text.matchAll(atSign)].findLast(
    ({ index, 0: { length } }) => begin !== -1 && begin < index && isMailbox(text, index, index + length),
  );
  if (sign === undefined) return text;
  const shown = /^'*[^']?/.exec(text)?.[0] ?? "";
  return `${shown}***${text.slice(sign.index)}`;
}

/**
 * Tells a mailbox from npm's scopes, as in `node_modules/@middy/core`, which fill every stack trace. A rule of the policy such as
 * `*@example.com` names nobody either. `start` and `end` are those of the sign.
 */
function isMailbox(text: string, start: number, end: number): boolean {
  const next = text[end];
  if (next === undefined || next === "@" || next === "'") return false;
  if (text[start - 1] !== "/") return true;
  scope.lastIndex = end;
  return !scope.test(text);
}

/** It stops at the next slash or sign, so that the scopes of a word are read once in all. */
const scope = /[\w~-]+\//y;

/**
 * Masks a short value of somebody's that a reason quotes, such as a license. What has an `@` and is no address may have been one
 * before it was damaged, so it is hidden as a whole.
 */
export function maskQuoted(value: string): string {
  const masked = maskEmails(value);
  return /(?<!\*\*\*)(?:@|%40)/.test(masked) ? "***" : masked;
}

/** Stands for a text that is hidden as a whole. */
export const hidden = "***";

/** Fields that name a person, in events of ours and in those of Okta, wherever they stand. */
const namingFields = [
  "givenName",
  "familyName",
  "displayName",
  "firstName",
  "lastName",
  "employeeNumber",
] as const;
const namesPerson: ReadonlySet<string> = new Set(namingFields);

/** Whether a field holds something that names a person: a name, or the whole profile of an event. */
export function isNamingField(key: string, value: unknown): boolean {
  return namesPerson.has(key) ? isFilled(value) : key === "profile" && isObject(value);
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

const namingText = new RegExp(`("(?:${namingFields.join("|")})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"?`, "gs");

/** Hides the same fields in a text that looks like JSON and is none. */
export function maskNamingFields(text: string): string {
  return text.replaceAll(namingText, `$1"${hidden}"`);
}

/** Makes an error to throw where the runtime writes it to a log: of the same name, with every text masked, and no cause. */
export function maskError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(maskEmails(String(error)));
  const masked = new Error(maskEmails(error.message));
  masked.name = error.name;
  if (error.stack !== undefined) masked.stack = maskEmails(error.stack);
  return masked;
}

/**
 * Masks one value as a replacer of `JSON.stringify`: a text, or the keys of an object and what names a person in it. An error is
 * reduced to what explains it, because an error of the SDK can carry a whole response, with headers and body.
 */
export function maskValue(value: unknown): unknown {
  if (typeof value === "string") return maskEmails(value);
  if (value instanceof Error) return replaced(value, toDescription);
  return isObject(value) && Object.entries(value).some(isToMask) ? replaced(value, withMaskedFields) : value;
}

/** Returns the same replacement each time, so that whoever looks for cycles finds them. */
function replaced<T extends object>(value: T, replace: (value: T) => object): object {
  const known = replacements.get(value);
  if (known !== undefined) return known;
  const replacement = replace(value);
  replacements.set(value, replacement);
  return replacement;
}

const replacements = new WeakMap<object, object>();

const explainingKeys = ["name", "message", "code", "$metadata", "stack", "cause", "errors"];

function toDescription(error: Error): object {
  return Object.fromEntries(
    explainingKeys.flatMap((key) => (Reflect.has(error, key) ? [[key, Reflect.get(error, key)]] : [])),
  );
}

function isToMask([key, value]: [string, unknown]): boolean {
  return mayHoldAddress(key) || isNamingField(key, value);
}

function withMaskedFields(object: object): object {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      maskEmails(key),
      isNamingField(key, value) ? hidden : value,
    ]),
  );
}

function mayHoldAddress(key: string): boolean {
  return key.includes("@") || key.includes("%40");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
