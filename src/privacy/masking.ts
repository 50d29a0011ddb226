/**
 * Hides the person in every e-mail address of a text and keeps the domain, which is what an operator needs:
 * `ada.lovelace@example.com` becomes `a***@example.com`, also where the `@` is percent-encoded.
 *
 * It goes word by word and once through each, so that a long text takes linear time whatever it is made of.
 */
export function maskEmails(text: string): string {
  return text.replaceAll(word, maskWord);
}

const word = /[^\s"<>(),:;]+/g;
const at = /@|%40/g;

/** What stands before the word's last mailbox sign is hidden: an `@` can also stand inside a local part. */
function maskWord(text: string): string {
  const sign = [...text.matchAll(at)].findLast(({ index, 0: { length } }) =>
    isMailbox(text.slice(0, index), text.slice(index + length)),
  );
  if (sign === undefined) return text;
  const shown = /^'*[^']?/.exec(text)?.[0] ?? "";
  return `${shown}***${text.slice(sign.index)}`;
}

/**
 * In `node_modules/@middy/core` there is no mailbox, but a folder that npm calls a scope: stacks are full of them. And
 * `*@example.com` is a rule of the policy, which names nobody.
 */
function isMailbox(before: string, after: string): boolean {
  const isScope = before.endsWith("/") && scope.test(after);
  return !isScope && /[^'*]/.test(before) && /^[^@']/.test(after);
}

const scope = /^[\w~-]+\//;

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

/** An error to throw where somebody else writes it to a log: of the same name, and with every text masked. */
export function maskError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(maskEmails(String(error)));
  const masked = new Error(maskEmails(error.message));
  masked.name = error.name;
  if (error.stack !== undefined) masked.stack = maskEmails(error.stack);
  return masked;
}
